-- How did contact time move minute by minute on the newest run?
-- One row a minute of moving time, running seconds only, weighted by time.
SELECT
    floor(moving_s / 60) AS minute_min,
    round(sum(stance_time_ms * dt_s) FILTER (stance_time_ms IS NOT NULL)
        / sum(dt_s) FILTER (stance_time_ms IS NOT NULL), 1) AS stance_time_ms,
    round(sum(speed_mps * dt_s) FILTER (speed_mps IS NOT NULL)
        / sum(dt_s) FILTER (speed_mps IS NOT NULL), 2) AS speed_mps
FROM sample
WHERE is_running AND run_id = (SELECT arg_max(run_id, (started_at, run_id)) FROM run)
GROUP BY minute_min
ORDER BY minute_min;
