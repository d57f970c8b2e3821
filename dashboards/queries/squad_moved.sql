-- grain: athlete × metric that moved beyond its noise, four weeks against four, as the sensor told it
-- that was worn last; only of the four weeks before $today
WITH newest AS (
    SELECT athlete_id, metric, local_date, change, noise, word
    FROM form_change
    WHERE compared = 'last weeks' AND local_date BETWEEN $today - 28 AND $today
    QUALIFY row_number() OVER (
        PARTITION BY athlete_id, metric ORDER BY local_date DESC, sensor_epoch
    ) = 1
)
SELECT athlete_id, metric, change, noise
FROM newest
WHERE word = 'beyond MDC'
ORDER BY athlete_id, metric
