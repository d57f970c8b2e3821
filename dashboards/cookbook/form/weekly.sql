-- How did contact time move from week to week, with its uncertainty?
-- One row a week and sensor, newest first. Never join two sensors by a line.
SELECT
    athlete_id, week_start, sensor_epoch, n_runs,
    round(value_adj, 1) AS stance_time_ms_adj,
    round(ci_low, 1) AS low_ms, round(ci_high, 1) AS high_ms,
    round(mdc95, 1) AS mdc95_ms
FROM form_week
WHERE metric = 'stance_time_ms'
ORDER BY week_start DESC, athlete_id, sensor_epoch;
