-- grain: one thing a person should know, the gravest first
SELECT severity, subject, what, remedy, athlete_id
FROM data_issue
ORDER BY
    CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, subject, what, remedy,
    athlete_id
