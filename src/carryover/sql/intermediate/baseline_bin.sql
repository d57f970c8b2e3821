-- grain: one run × 2-minute bin × metric that baselines are learnt from.
-- unit: run; order: athlete_id, sensor_epoch, metric, run_id, bin_index
select b.*
from bin_metric as b
join settled_run using (run_id)
