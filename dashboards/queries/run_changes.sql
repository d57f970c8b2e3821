-- grain: run × metric × outcome × comparison of one athlete
SELECT run_id, metric, outcome, compared, reference, change, noise, word, n2, reason
FROM run_change
WHERE athlete_id = $athlete_id
ORDER BY run_id, metric, outcome, compared
