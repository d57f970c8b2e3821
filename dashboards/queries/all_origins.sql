-- grain: sensor epoch × metric of every athlete
SELECT athlete_id, sensor_epoch, metric, origin, r2_speed_cadence, residual_sd, n_bins
FROM sensor_metric
ORDER BY athlete_id, sensor_epoch, metric
