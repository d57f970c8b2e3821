-- grain: one run × 5 s of its clock: pace, effort and place; a pause has no row.
-- unit: run; order: run_id, part
-- Effort is half way between the speed and the speed on the flat that costs as much: people slow down
-- uphill, but by less than the cost of the grade would ask for.
with judged as (
  select
    g.run_id,
    floor(g.elapsed_s / l.kind_part_s)::int as part,
    g.dt_s,
    g.is_running,
    g.speed_mps,
    sqrt(g.speed_mps * greatest(coalesce(flat_speed_mps(g.speed_mps, g.grade_pct), g.speed_mps), 0))
      as effort_mps,
    g.latitude_deg,
    g.longitude_deg
  from sample_gait as g
  cross join limits as l
  where g.dt_s > 0
)

select
  run_id,
  part,
  sum(exact(dt_s)) as dt_s,
  coalesce(sum(exact(dt_s)) filter (where is_running), 0) as running_s,
  time_mean(speed_mps, dt_s) as speed_mps,
  time_mean(effort_mps, dt_s) as effort_mps,
  time_mean(latitude_deg, dt_s) as latitude_deg,
  time_mean(longitude_deg, dt_s) as longitude_deg
from judged
group by run_id, part
