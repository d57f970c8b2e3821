-- grain: one set of the athlete's sessions since $since
SELECT
    strength_set.session_id, strength_set.set_index, exercise.name AS exercise,
    strength_set.exercise_raw, strength_set.side, strength_set.reps, strength_set.weight_kg,
    strength_set.duration_s, strength_set.is_warmup, strength_set.rpe
FROM strength_set
INNER JOIN strength_session USING (session_id)
LEFT JOIN exercise ON exercise.exercise_id = strength_set.exercise_id
WHERE strength_session.athlete_id = $athlete_id AND strength_session.local_date >= $since
ORDER BY strength_set.session_id, strength_set.set_index
