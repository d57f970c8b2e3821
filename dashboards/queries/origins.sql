-- grain: sensor epoch × metric of one athlete
SELECT sensor_epoch, metric, origin
FROM sensor_metric
WHERE athlete_id = $athlete_id
ORDER BY sensor_epoch, metric
