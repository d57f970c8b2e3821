-- grain: one set of hill strides: at least four in a row, evenly spaced, with little else uphill
-- unit: run
-- between them.
with stride as (
  select s.*
  from uphill_stretch as s
  cross join limits as l
  where s.duration_s between l.stride_min_s and l.stride_max_s
    and s.climb_m >= l.stride_min_climb_m
    and s.grade_pct between l.stride_min_grade_pct and l.max_grade_pct
    and s.flat_speed_mps >= l.stride_effort_ratio * s.easy_speed_mps
    and coalesce(s.before_s >= l.stride_rest_s, true)
    and coalesce(s.after_s >= l.stride_rest_s, true)
    and coalesce(greatest(s.before_flat_mps, s.after_flat_mps), 0)
    <= l.stride_rest_effort * s.flat_speed_mps
    and least(s.before_mps, s.after_mps) <= l.stride_rest_speed * s.speed_mps
),

spaced as (
  select
    s.*,
    s.from_s - lag(s.from_s) over (partition by s.run_id order by s.from_s) as period_s
  from stride as s
),

chained as (
  select
    s.*,
    sum(coalesce(s.period_s > l.stride_gap_s, true)::int) over (
      partition by s.run_id order by s.from_s rows unbounded preceding
    ) as chain
  from spaced as s
  cross join limits as l
),

chain as (
  select
    run_id,
    chain,
    min(from_s) as from_s,
    max(until_s) as until_s,
    list(from_s) as starts,
    spread_of(case when period_s <= l.stride_gap_s then period_s end)
    / plain_mean(case when period_s <= l.stride_gap_s then period_s end) as unevenness
  from chained
  cross join limits as l
  group by run_id, chain, l.stride_min_count
  having count(*) >= l.stride_min_count
)

select c.run_id, c.from_s, c.until_s, c.starts
from chain as c
join uphill_stretch as u on u.run_id = c.run_id and u.from_s between c.from_s and c.until_s
cross join limits as l
where c.unevenness <= l.stride_set_evenness
group by all
having len(c.starts) >= any_value(l.stride_set_share) * count(*)
