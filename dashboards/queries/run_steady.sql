-- grain: one run of one athlete: running seconds, and those that its values at reference speed rest on
SELECT
    run_id,
    coalesce(sum(running_s), 0) AS running_s,
    coalesce(sum(steady_s) FILTER (is_baseline), 0) AS steady_s,
    bit_xor(hash(
        bin_index, excluded_by, round(running_s, 2), round(speed_mps, 5), round(heart_rate_bpm, 3)
    )) AS digest
FROM run_bin
WHERE run_id IN (SELECT run_id FROM run WHERE athlete_id = $athlete_id)
GROUP BY run_id
ORDER BY run_id
