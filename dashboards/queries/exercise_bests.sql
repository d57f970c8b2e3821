-- grain: exercise of one athlete, done last first
SELECT
    coalesce(exercise.name, best.exercise_id) AS exercise, best.last_date, best.measure, best.unit,
    best.best, best.now_value, best.change_four, best.word_four, best.change_twelve,
    best.word_twelve, best.side_symmetry_pct, best.weaker_side, best.reason
FROM exercise_best AS best
LEFT JOIN exercise ON exercise.exercise_id = best.exercise_id
WHERE best.athlete_id = $athlete_id
ORDER BY best.now_value IS NULL, best.last_date DESC, exercise
