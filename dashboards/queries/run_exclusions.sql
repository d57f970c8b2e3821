-- grain: run of one athlete × reason why a part of it does not count, longest first
SELECT run_id, reason, applies_to, excluded_s, moving_share
FROM run_exclusion
WHERE run_id IN (SELECT run_id FROM run WHERE athlete_id = $athlete_id) AND excluded_s >= 1
ORDER BY run_id, applies_to = 'heart rate', excluded_s DESC, reason
