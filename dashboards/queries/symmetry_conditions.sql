-- grain: kind of condition × class of one athlete and sensor epoch
SELECT
    kind, class_rank, condition, is_reference, n_runs, valid_s, low_speed_mps, high_speed_mps,
    grade_pct, balance_pct, balance_low_pct, balance_high_pct, n_paired, change_pct,
    change_low_pct, change_high_pct
FROM symmetry_condition
WHERE athlete_id = $athlete_id AND sensor_epoch IS NOT DISTINCT FROM $sensor_epoch
ORDER BY kind, class_rank
