-- grain: run × metric of one athlete since $since, all runs that were judged
SELECT run_id, local_date, metric, change, change_adj, ci_low, ci_high, eligible, reason
FROM form_decay
WHERE athlete_id = $athlete_id AND local_date >= $since
ORDER BY local_date, run_id, metric
