-- grain: sensor epoch of one athlete with contact balance, the one worn last first
SELECT
    own.sensor_epoch, own.baseline_side, own.period, own.before_exposure, own.mean_pct,
    own.ci_low_pct, own.ci_high_pct, own.n_runs, own.reason AS side_reason,
    own.n_runs_balance, epoch.from_date, epoch.to_date, noise.mdc95
FROM athlete_symmetry AS own
LEFT JOIN sensor_epoch AS epoch
    ON epoch.athlete_id = own.athlete_id AND epoch.sensor_epoch = own.sensor_epoch
LEFT JOIN metric_noise AS noise
    ON noise.athlete_id = own.athlete_id AND noise.sensor_epoch = own.sensor_epoch
    AND noise.metric = 'stance_time_balance_pct'
WHERE own.athlete_id = $athlete_id
ORDER BY epoch.to_date DESC NULLS LAST, own.sensor_epoch
