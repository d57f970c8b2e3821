-- grain: one athlete: the speed that adjusted values are told at.
select
  r.athlete_id,
  median(b.speed_mps) as reference_speed_mps
from run_bin as b
join settled_run using (run_id)
join run_recording as r using (run_id)
where b.is_baseline
group by r.athlete_id
