-- grain: ISO week of one athlete since $since in which strength work tells its sides
SELECT
    CAST(date_trunc('week', local_date) AS DATE) AS week_start,
    CAST(sum(left_dose - right_dose) AS DOUBLE) AS left_minus_right
FROM dose_day
WHERE athlete_id = $athlete_id AND local_date >= $since AND left_dose IS NOT NULL
    AND right_dose IS NOT NULL
GROUP BY week_start
ORDER BY week_start
