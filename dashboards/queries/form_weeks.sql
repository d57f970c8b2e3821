-- grain: ISO week × metric of one athlete, oldest first
SELECT metric, week_start, value, value_adj, ci_low, ci_high, n_runs, mdc95, sensor_epoch
FROM form_week
WHERE athlete_id = $athlete_id
ORDER BY metric, week_start, sensor_epoch
