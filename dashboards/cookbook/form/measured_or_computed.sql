-- Which of my metrics does the sensor measure, and which does the watch compute?
-- One row a sensor and metric; computed ones say nothing of their own.
SELECT
    athlete_id, sensor_epoch, metric, origin,
    round(r2_speed_cadence, 3) AS r2_speed_cadence, n_bins
FROM sensor_metric
ORDER BY athlete_id, sensor_epoch, metric;
