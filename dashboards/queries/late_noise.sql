-- grain: sensor epoch × metric of one athlete: the noise of late-run drift
SELECT sensor_epoch, metric, decay_sem, decay_mdc95, n_decays
FROM metric_noise
WHERE athlete_id = $athlete_id
ORDER BY sensor_epoch, metric
