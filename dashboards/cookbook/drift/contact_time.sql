-- How much longer did I stand on the ground late in each long run?
-- One row a run that can be judged, newest first: late minus early at the same
-- speed, with its 95 % interval.
SELECT
    athlete_id, local_date,
    round(early, 1) AS early_ms, round(late, 1) AS late_ms,
    round(change_adj, 1) AS drift_ms,
    round(ci_low, 1) AS low_ms, round(ci_high, 1) AS high_ms
FROM form_decay
WHERE metric = 'stance_time_ms' AND eligible
ORDER BY local_date DESC, run_id;
