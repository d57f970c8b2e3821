-- grain: exercise × week of one athlete in which its measure is told, those done in most weeks first
SELECT
    best.exercise_id, coalesce(exercise.name, best.exercise_id) AS exercise, best.measure, best.unit,
    best.best, best.now_value, best.word_four, best.n_weeks, done.week_start,
    CASE best.measure
        WHEN 'estimated maximum' THEN done.one_rep_max_kg
        WHEN 'weight' THEN done.top_weight_kg
        WHEN 'repetitions' THEN done.top_reps
        WHEN 'hold' THEN done.top_hold_s
    END AS value
FROM exercise_best AS best
INNER JOIN exercise_progress AS done USING (athlete_id, exercise_id)
LEFT JOIN exercise ON exercise.exercise_id = best.exercise_id
WHERE best.athlete_id = $athlete_id AND value IS NOT NULL
ORDER BY best.n_weeks DESC, exercise, done.week_start
