-- grain: run with contact balance of one athlete and sensor epoch, newest first
SELECT
    run_id, local_date, stance_time_balance_pct, stance_time_left_ms, stance_time_right_ms,
    symmetry_index_pct, symmetry_angle_pct, zone, drift_pct, drift_outward_pct, valid_s
FROM run_symmetry
WHERE athlete_id = $athlete_id AND sensor_epoch IS NOT DISTINCT FROM $sensor_epoch
ORDER BY local_date DESC, run_id
