-- grain: stretch of one athlete with the strength habit, oldest first
SELECT from_date, to_date, n_weeks, sessions_per_week
FROM strength_block
WHERE athlete_id = $athlete_id AND is_on
ORDER BY from_date
