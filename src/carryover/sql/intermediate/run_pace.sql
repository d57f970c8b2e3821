-- grain: one run: its middle effort, how even its minutes are, what it climbs.
-- unit: run; order: run_id
with minute as (
  select
    p.run_id,
    floor(p.part * l.kind_part_s / 60) as minute,
    time_mean(p.effort_mps, p.dt_s) as effort_mps,
    sum(exact(p.dt_s)) as length_s
  from pace_part as p
  cross join limits as l
  group by all
),

-- The first minute is a start and the last one an end.
even as (
  select run_id, spread_of(effort_mps) / nullif(plain_mean(effort_mps), 0) as unevenness
  from (
    select
      *,
      minute = min(minute) over run or minute = max(minute) over run as is_end
    from minute
    window run as (partition by run_id)
  )
  where not is_end and length_s >= 30
  group by run_id
),

middle as (
  select
    run_id,
    median(effort_mps) filter (where running_s > 0) as middle_mps,
    time_mean(effort_mps, dt_s) as mean_effort_mps
  from pace_part
  group by run_id
),

-- Walks count: a steep climb is walked.
climb as (
  select
    g.run_id,
    sum(exact(greatest(g.grade_pct, 0) / 100 * g.speed_mps * g.dt_s))
    / nullif(sum(exact(g.speed_mps * g.dt_s)) / 1000, 0) as climb_mpkm,
    coalesce(sum(exact(g.dt_s)) filter (where abs(g.grade_pct) > l.level_grade_pct), 0)
    / nullif(sum(exact(g.dt_s)), 0)
      as slope_share,
    bool_or(g.altitude_m is not null) as has_altitude,
    bool_or(g.cadence_spm > 0) as has_steps
  from sample_gait as g
  cross join limits as l
  where g.speed_mps > 0
  group by g.run_id
)

select
  m.run_id,
  m.middle_mps,
  m.mean_effort_mps,
  e.unevenness,
  c.climb_mpkm,
  c.slope_share,
  coalesce(c.has_altitude, false) as has_altitude,
  coalesce(c.has_steps, false) as has_steps
from middle as m
left join even as e using (run_id)
left join climb as c using (run_id)
