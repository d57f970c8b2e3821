-- grain: sensor epoch × metric of one athlete: the fit that adjusted values rest on
SELECT sensor_epoch, metric, usable, reason, n_bins, n_runs, speed_slope, speed_slope_se,
  up_slope, down_slope, r2_within, speed_reliability
FROM form_baseline
WHERE athlete_id = $athlete_id
ORDER BY sensor_epoch, metric
