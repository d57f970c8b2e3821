-- grain: one run × instant that goes uphill at an effort above the run's easy running on the flat.
-- unit: run
-- The grade of 30 s flattens a climb of ten: here it is a line over 7 s to either side. `soft_s` counts
-- the seconds so far that were no such effort, `flat_m` the metres so far by their cost.
with near as (
  select
    g.run_id, g.elapsed_s, g.dt_s, g.distance_m, g.altitude_m, g.speed_mps, e.easy_speed_mps,
    case when k.near_ground_m >= l.stride_min_ground_m then 100 * k.near_slope end as grade_pct
  from sample_gait as g
  join uphill_run as e using (run_id)
  left join ground as k using (run_id, elapsed_s)
  cross join limits as l
),

judged as (
  select
    n.*,
    coalesce(flat_speed_mps(n.speed_mps, n.grade_pct), n.speed_mps, 0) as flat_mps,
    coalesce(
      n.grade_pct >= l.stride_edge_grade_pct
      and flat_speed_mps(n.speed_mps, n.grade_pct) >= l.stride_edge_ratio * n.easy_speed_mps, false
    ) as is_hard
  from near as n
  cross join limits as l
),

clocked as (
  select
    * exclude (grade_pct, flat_mps),
    sum(case when is_hard then 0 else exact(dt_s) end) over past as soft_s,
    sum(exact(flat_mps * dt_s)) over past as flat_m
  from judged
  window past as (partition by run_id order by elapsed_s rows unbounded preceding)
)

select * exclude (is_hard)
from clocked
where is_hard
