-- grain: one strength session of one athlete, newest first
SELECT session_id, local_date, kind, duration_s, rpe, dose, n_sets
FROM strength_session
WHERE athlete_id = $athlete_id
ORDER BY started_at DESC, session_id
