-- grain: one run × 2-minute bin × metric that tells how the bins of all runs wander.
-- unit: run; order: run_id, metric, bin_index
select r.*
from run_residual as r
join settled_run using (run_id)
