-- grain: run of several × bin of moving time; means by time, form while running only
-- A bin has 10 s, in long runs a multiple of it: no channel has more than 1,000 of them.
WITH width AS (
    SELECT run_id, 10 * greatest(1, ceil(coalesce(moving_s, 0) / 10000)) AS bin_s
    FROM run
    WHERE run_id = ANY ($run_ids)
),
instant AS (
    SELECT
        s.*, w.bin_s, floor(s.moving_s / w.bin_s) * w.bin_s AS bin_start_s,
        coalesce(s.excluded_by, b.excluded_by, '') AS counts_not
    FROM sample AS s
    JOIN width AS w ON w.run_id = s.run_id
    LEFT JOIN run_bin AS b
        ON b.run_id = s.run_id AND b.bin_index = CAST(floor(s.moving_s / $stretch_s) AS INTEGER)
    WHERE s.run_id = ANY ($run_ids) AND s.moving_s IS NOT NULL AND s.dt_s > 0
)
SELECT
    run_id, any_value(bin_s) AS bin_s, bin_start_s AS moving_s,
    sum(speed_mps * dt_s)
        / nullif(sum(dt_s) FILTER (speed_mps IS NOT NULL), 0) AS speed_mps,
    sum(altitude_m * dt_s)
        / nullif(sum(dt_s) FILTER (altitude_m IS NOT NULL), 0) AS altitude_m,
    sum(heart_rate_bpm * dt_s)
        / nullif(sum(dt_s) FILTER (heart_rate_bpm IS NOT NULL), 0) AS heart_rate_bpm,
    sum(cadence_spm * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND cadence_spm IS NOT NULL), 0) AS cadence_spm,
    sum(stance_time_ms * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND stance_time_ms IS NOT NULL), 0)
        AS stance_time_ms,
    sum(stance_time_balance_pct * dt_s) FILTER (is_running)
        / nullif(sum(dt_s) FILTER (is_running AND stance_time_balance_pct IS NOT NULL), 0)
        AS stance_time_balance_pct,
    CASE
        WHEN 2 * sum(dt_s) FILTER (counts_not = '') >= sum(dt_s) THEN NULL
        ELSE mode(counts_not ORDER BY counts_not) FILTER (counts_not <> '')
    END AS counts_not
FROM instant
GROUP BY run_id, bin_start_s
ORDER BY run_id, bin_start_s
