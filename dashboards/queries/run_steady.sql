-- grain: one run: running seconds, and those that its values at reference speed rest on
SELECT
    coalesce(sum(running_s), 0) AS running_s,
    coalesce(sum(steady_s) FILTER (is_baseline), 0) AS steady_s
FROM run_bin
WHERE run_id = $run_id
