-- grain: run of several × metric: where it begins to change
SELECT run_id, metric, pattern, onset_moving_s, onset_ci_low_s, onset_ci_high_s, reason
FROM form_onset
WHERE run_id = ANY ($run_ids)
ORDER BY run_id, metric
