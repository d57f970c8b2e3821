-- grain: metric of one run
SELECT metric, early, late, change, change_adj, ci_low, ci_high, per_hour, eligible, reason
FROM form_decay
WHERE run_id = $run_id
ORDER BY metric
