-- grain: ISO week of one athlete since $since, weeks with a dose or a session
WITH dosed AS (
    SELECT CAST(date_trunc('week', local_date) AS DATE) AS week_start, sum(dose) AS dose
    FROM dose_day
    WHERE athlete_id = $athlete_id AND local_date >= $since
    GROUP BY week_start
),
held AS (
    SELECT CAST(date_trunc('week', local_date) AS DATE) AS week_start, count(*) AS n_sessions
    FROM strength_session
    WHERE athlete_id = $athlete_id AND local_date >= $since AND kind = 'strength'
    GROUP BY week_start
)
SELECT
    week_start,
    CAST(coalesce(dosed.dose, 0) AS DOUBLE) AS dose,
    CAST(coalesce(held.n_sessions, 0) AS BIGINT) AS n_sessions
FROM dosed
FULL JOIN held USING (week_start)
ORDER BY week_start
