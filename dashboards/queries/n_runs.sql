-- grain: one row: how many runs there are
SELECT count(*) AS n_runs
FROM run
