-- What did the sensors say second by second on the newest run?
-- One row an instant of that run; what is missing is null, never 0.
SELECT
    elapsed_s, dt_s, speed_mps, heart_rate_bpm, cadence_spm, stance_time_ms,
    stance_time_balance_pct, is_steady, excluded_by
FROM sample
WHERE run_id = (SELECT arg_max(run_id, (started_at, run_id)) FROM run)
ORDER BY elapsed_s;
