-- grain: one outdoor run: its own easy speed, the median of its 20 s parts of level running.
-- unit: run
-- A run with too little level running or without a grade (indoors) has no row.
with part as (
  select
    g.run_id,
    floor(g.moving_s / l.pace_part_s) as part,
    time_mean(g.speed_mps, g.dt_s) as speed_mps,
    sum(exact(g.dt_s)) as level_s
  from sample_gait as g
  cross join limits as l
  where g.is_running and abs(g.grade_pct) <= l.level_grade_pct
  group by all
)

select
  p.run_id,
  median(p.speed_mps) as easy_speed_mps
from part as p
cross join limits as l
where p.level_s >= l.pace_part_s / 2
group by p.run_id, l.stride_min_level_s
having sum(exact(p.level_s)) >= l.stride_min_level_s
