-- grain: one week around the starts of blocks, all blocks together, of one metric and outcome
SELECT metric, outcome, week_offset, value, ci_low, ci_high, n_runs, n_blocks
FROM block_event
WHERE athlete_id = $athlete_id AND block_number IS NULL
ORDER BY outcome, metric, week_offset
