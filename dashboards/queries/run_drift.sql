-- grain: run of several × metric
SELECT run_id, metric, early, late, change, change_adj, ci_low, ci_high, per_hour, eligible, reason
FROM form_decay
WHERE run_id = ANY ($run_ids)
ORDER BY run_id, metric
