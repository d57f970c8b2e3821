-- grain: one athlete: the days of their first run and first strength session
SELECT
    (SELECT min(local_date) FROM run WHERE athlete_id = $athlete_id) AS first_run,
    (
        SELECT min(local_date)
        FROM strength_session
        WHERE athlete_id = $athlete_id AND kind = 'strength'
    ) AS first_session
