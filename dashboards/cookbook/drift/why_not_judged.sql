-- Why were so many runs not judged for late-run drift?
-- One row a reason: how many runs.
SELECT athlete_id, metric, reason, count(*) AS n_runs
FROM form_decay
WHERE NOT eligible AND metric = 'stance_time_ms'
GROUP BY ALL
ORDER BY athlete_id, n_runs DESC, reason;
