-- Which exercises am I getting stronger in?
-- One row an exercise: best of the last four weeks against the four before.
SELECT
    best.athlete_id, exercise.name, best.measure, best.unit,
    round(best.now_value, 1) AS now_value, round(best.change_four, 1) AS change_four,
    best.word_four, round(best.best, 1) AS best, best.best_date, best.last_date,
    best.reason
FROM exercise_best AS best
LEFT JOIN exercise USING (exercise_id)
ORDER BY best.athlete_id, best.last_date DESC, exercise.name,
    best.exercise_id, best.measure;
