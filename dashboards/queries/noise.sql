-- grain: sensor epoch × metric of one athlete
SELECT sensor_epoch, metric, sem, mdc95, usual_low, usual_high, n_runs
FROM metric_noise
WHERE athlete_id = $athlete_id
ORDER BY sensor_epoch, metric
