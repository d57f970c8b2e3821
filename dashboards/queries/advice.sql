-- grain: one row: what to do with the dose of one athlete
SELECT as_of_date, answer, judged_by, reason
FROM dose_advice
WHERE athlete_id = $athlete_id
