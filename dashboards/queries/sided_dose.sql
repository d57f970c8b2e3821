-- grain: one row: glute work of each side alone in strength sessions of one athlete since $since
SELECT
    count(*) AS n_sessions,
    count(left_side.dose) AS n_told,
    sum(left_side.dose) AS left_dose,
    sum(right_side.dose) AS right_dose
FROM strength_session AS session
LEFT JOIN session_dose AS left_side
    ON left_side.session_id = session.session_id AND left_side.exposure = 'left'
LEFT JOIN session_dose AS right_side
    ON right_side.session_id = session.session_id AND right_side.exposure = 'right'
WHERE session.athlete_id = $athlete_id AND session.kind = 'strength'
    AND session.local_date >= $since
