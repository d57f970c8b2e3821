-- grain: one stretch uphill at effort, with the pace and effort between it and its neighbours.
-- unit: run
-- Two instants are one stretch unless more than 2 s of something else lie between them; what is too
-- short or too low to be told from noise is none. Before the first and after the last nothing is known.
with marked as (
  select
    e.*,
    coalesce(e.soft_s - lag(e.soft_s) over moment > l.stride_bridge_s, true) as opens
  from uphill_effort as e
  cross join limits as l
  window moment as (partition by e.run_id order by e.elapsed_s)
),

numbered as (
  select
    *,
    sum(opens::int) over (
      partition by run_id order by elapsed_s rows unbounded preceding
    ) as stretch
  from marked
),

stretch as (
  select
    run_id,
    min(elapsed_s) as from_s,
    max(elapsed_s + dt_s) as until_s,
    sum(exact(dt_s)) as duration_s,
    min(distance_m) as from_m,
    max(distance_m) as until_m,
    min(flat_m) as from_flat_m,
    max(flat_m) as until_flat_m,
    case when count(*) > 1 then 100 * ground_slope(altitude_m, distance_m) end as grade_pct,
    time_mean(speed_mps, dt_s) as speed_mps,
    any_value(easy_speed_mps) as easy_speed_mps
  from numbered
  group by run_id, numbered.stretch
),

sized as (
  select
    *,
    speed_mps * duration_s * grade_pct / 100 as climb_m,
    flat_speed_mps(speed_mps, grade_pct) as flat_speed_mps
  from stretch
)

select
  s.*,
  s.from_s - lag(s.until_s) over moment as before_s,
  lead(s.from_s) over moment - s.until_s as after_s,
  (s.from_m - lag(s.until_m) over moment) / nullif(s.from_s - lag(s.until_s) over moment, 0)
    as before_mps,
  (lead(s.from_m) over moment - s.until_m) / nullif(lead(s.from_s) over moment - s.until_s, 0)
    as after_mps,
  (s.from_flat_m - lag(s.until_flat_m) over moment)
  / nullif(s.from_s - lag(s.until_s) over moment, 0) as before_flat_mps,
  (lead(s.from_flat_m) over moment - s.until_flat_m)
  / nullif(lead(s.from_s) over moment - s.until_s, 0) as after_flat_mps
from sized as s
cross join limits as l
where s.duration_s >= l.stride_real_s and s.climb_m >= l.stride_real_climb_m
window moment as (partition by s.run_id order by s.from_s)
