-- What are my heaviest sets of each exercise?
-- One row an exercise: the heaviest weight with its repetitions and day.
SELECT
    session.athlete_id, exercise.name, max(done.weight_kg) AS weight_kg,
    arg_max(done.reps, (done.weight_kg, done.reps)) AS reps,
    arg_max(session.local_date, (done.weight_kg, done.reps)) AS local_date
FROM strength_set AS done
INNER JOIN strength_session AS session USING (session_id)
INNER JOIN exercise USING (exercise_id)
WHERE done.weight_kg > 0 AND done.is_warmup IS NOT TRUE
GROUP BY session.athlete_id, exercise.name
ORDER BY session.athlete_id, weight_kg DESC, exercise.name;
