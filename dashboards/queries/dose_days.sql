-- grain: local date of one athlete, oldest first
SELECT local_date, dose, chronic_28
FROM dose_day
WHERE athlete_id = $athlete_id
ORDER BY local_date
