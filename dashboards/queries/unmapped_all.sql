-- grain: one exercise name that the catalogue does not know, of one athlete; most sets first
SELECT
    strength_session.athlete_id, strength_set.exercise_raw, count(*) AS n_sets,
    count(DISTINCT strength_set.session_id) AS n_sessions,
    max(strength_session.local_date) AS last_date
FROM strength_set
INNER JOIN strength_session USING (session_id)
WHERE strength_set.exercise_id IS NULL AND strength_set.matched_by IS DISTINCT FROM 'override'
GROUP BY ALL
ORDER BY n_sets DESC, strength_set.exercise_raw, strength_session.athlete_id
