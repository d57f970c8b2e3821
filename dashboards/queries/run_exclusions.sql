-- grain: run of several × reason why a part of it does not count, longest first
SELECT run_id, reason, applies_to, excluded_s, moving_share
FROM run_exclusion
WHERE run_id = ANY ($run_ids) AND excluded_s >= 1
ORDER BY run_id, applies_to = 'heart rate', excluded_s DESC, reason
