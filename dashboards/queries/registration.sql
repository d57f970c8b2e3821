-- grain: one question of one athlete, the one that tonight's verdict rests on
SELECT
    version, registered_on, metric, outcome, chosen_by, n_weeks_then,
    version > 1 AND saw_answer AS is_changed
FROM registration
WHERE athlete_id = $athlete_id AND is_current
