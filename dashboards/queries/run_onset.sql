-- grain: metric of one run: where it begins to change
SELECT metric, pattern, onset_moving_s, onset_ci_low_s, onset_ci_high_s, reason
FROM form_onset
WHERE run_id = $run_id
ORDER BY metric
