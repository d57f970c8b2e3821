-- grain: run of one athlete × some metrics: where it begins to change
SELECT run_id, metric, pattern, onset_moving_s, onset_ci_low_s, onset_ci_high_s, reason
FROM form_onset
WHERE athlete_id = $athlete_id AND metric = ANY ($metrics)
ORDER BY run_id, metric
