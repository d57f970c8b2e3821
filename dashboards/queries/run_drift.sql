-- grain: run of one athlete × metric
SELECT run_id, metric, early, late, change, change_adj, ci_low, ci_high, per_hour, eligible, reason
FROM form_decay
WHERE athlete_id = $athlete_id
ORDER BY run_id, metric
