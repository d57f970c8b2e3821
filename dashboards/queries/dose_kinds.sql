-- grain: ISO week of one athlete since $since: dose by kind, each in its own median sessions
SELECT
    CAST(date_trunc('week', local_date) AS DATE) AS week_start,
    sum(dose) AS strength, sum(activation_dose) AS activation, sum(stride_dose) AS hill_strides
FROM dose_day
WHERE athlete_id = $athlete_id AND local_date >= $since
GROUP BY ALL
ORDER BY week_start
