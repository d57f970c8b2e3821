-- grain: one run that goes uphill at effort, by the grade of 30 s, for as long as a set of strides
-- unit: run
-- would; the others need no closer look.
select
  g.run_id,
  any_value(e.easy_speed_mps) as easy_speed_mps
from sample_gait as g
join easy_speed as e using (run_id)
cross join limits as l
where g.grade_pct >= l.stride_edge_grade_pct
  and flat_speed_mps(g.speed_mps, g.grade_pct) >= l.stride_edge_ratio * e.easy_speed_mps
group by g.run_id, l.stride_min_count, l.stride_min_s
having sum(exact(g.dt_s)) >= l.stride_min_count * l.stride_min_s
