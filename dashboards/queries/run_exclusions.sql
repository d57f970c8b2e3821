-- grain: one reason why a part of one run does not count, longest first
SELECT reason, applies_to, excluded_s, moving_share
FROM run_exclusion
WHERE run_id = $run_id AND excluded_s >= 1
ORDER BY applies_to = 'heart rate', excluded_s DESC, reason
