-- grain: month of one athlete since $since in which a session tells its sides: one-sided dose
SELECT
    CAST(date_trunc('month', local_date) AS DATE) AS month_date,
    sum(dose) FILTER (exposure = 'left') AS left_dose,
    sum(dose) FILTER (exposure = 'right') AS right_dose,
    count(DISTINCT session_id) AS n_sessions
FROM session_dose
WHERE athlete_id = $athlete_id AND local_date >= $since AND exposure IN ('left', 'right')
GROUP BY ALL
HAVING sum(dose) > 0
ORDER BY month_date
