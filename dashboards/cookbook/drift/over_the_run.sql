-- How does contact time move over the tenths of my long runs?
-- One row a sensor and tenth of moving time: the usual change since the start.
SELECT
    athlete_id, sensor_epoch, tenth, n_runs,
    round(change_adj, 1) AS change_ms,
    round(usual_low, 1) AS usual_low_ms, round(usual_high, 1) AS usual_high_ms
FROM form_pattern_usual
WHERE metric = 'stance_time_ms'
ORDER BY athlete_id, sensor_epoch, tenth;
