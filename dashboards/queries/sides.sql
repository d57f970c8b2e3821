-- grain: sensor epoch of one athlete with contact balance
SELECT
    sensor_epoch, baseline_side, period, before_exposure, mean_pct, ci_low_pct, ci_high_pct,
    n_runs, reason AS side_reason
FROM athlete_symmetry
WHERE athlete_id = $athlete_id
ORDER BY sensor_epoch
