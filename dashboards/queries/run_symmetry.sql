-- grain: one run of one athlete with contact balance, with the athlete's side for its sensor
SELECT
    run.* EXCLUDE (
        athlete_id, local_date, stance_time_balance_pct_adj, normalised_asymmetry_pct, valid_s
    ),
    own.period, own.before_exposure, own.mean_pct, own.ci_low_pct, own.ci_high_pct,
    own.n_runs, own.reason AS side_reason
FROM run_symmetry AS run
LEFT JOIN athlete_symmetry AS own
    ON own.athlete_id = run.athlete_id AND own.sensor_epoch = run.sensor_epoch
WHERE run.athlete_id = $athlete_id
ORDER BY run.run_id
