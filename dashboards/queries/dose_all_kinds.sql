-- grain: ISO week of one athlete with a dose of any kind, oldest first
SELECT
    CAST(date_trunc('week', local_date) AS DATE) AS week_start,
    sum(dose) AS dose,
    sum(activation_dose) AS activation_dose,
    sum(stride_dose) AS stride_dose
FROM dose_day
WHERE athlete_id = $athlete_id
GROUP BY 1
HAVING coalesce(sum(dose), 0) + coalesce(sum(activation_dose), 0) + coalesce(sum(stride_dose), 0) > 0
ORDER BY 1
