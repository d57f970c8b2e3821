-- grain: $bin_s seconds of moving time of one run; means by time, form while running only
SELECT
    floor(moving_s / $bin_s) * $bin_s AS moving_s,
    sum(speed_mps * dt_s)
        / nullif(sum(dt_s) FILTER (speed_mps IS NOT NULL), 0) AS speed_mps,
    sum(heart_rate_bpm * dt_s)
        / nullif(sum(dt_s) FILTER (heart_rate_bpm IS NOT NULL), 0) AS heart_rate_bpm,
    sum(cadence_spm * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND cadence_spm IS NOT NULL), 0) AS cadence_spm,
    sum(stance_time_ms * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND stance_time_ms IS NOT NULL), 0)
        AS stance_time_ms,
    sum(stance_time_balance_pct * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND stance_time_balance_pct IS NOT NULL), 0)
        AS stance_time_balance_pct
FROM sample
WHERE run_id = $run_id AND moving_s IS NOT NULL AND dt_s > 0
GROUP BY 1
ORDER BY 1
