-- grain: instant of several runs as recorded, in order; form while running only
SELECT
    run_id, moving_s, speed_mps, altitude_m, heart_rate_bpm,
    CASE WHEN is_running THEN cadence_spm END AS cadence_spm,
    CASE WHEN is_running THEN stance_time_ms END AS stance_time_ms,
    CASE WHEN is_running THEN stance_time_balance_pct END AS stance_time_balance_pct
FROM sample
WHERE run_id = ANY ($run_ids) AND moving_s IS NOT NULL AND dt_s > 0
ORDER BY run_id, recorded_at
