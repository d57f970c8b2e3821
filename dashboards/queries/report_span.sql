-- grain: one row: the runs of one athlete, from when to when
SELECT count(*) AS n_runs, min(local_date) AS first_date, max(local_date) AS last_date
FROM run
WHERE athlete_id = $athlete_id
