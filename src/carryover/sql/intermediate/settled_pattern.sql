-- grain: one run × metric × tenth that tells how form usually moves over a run.
-- unit: run; order: athlete_id, sensor_epoch, metric, run_id, tenth
select
  b.athlete_id,
  b.sensor_epoch,
  p.*
from run_pattern as p
join settled_run using (run_id)
join run_base as b using (run_id)
