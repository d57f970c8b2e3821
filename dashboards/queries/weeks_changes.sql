-- grain: metric of one athlete, as the sensor told it that was worn last: four weeks against four
SELECT metric, local_date, value, reference, change, noise, word, n1, n2, knows_wander, reason
FROM form_change
WHERE athlete_id = $athlete_id AND compared = 'last weeks'
QUALIFY row_number() OVER (PARTITION BY metric ORDER BY local_date DESC, sensor_epoch) = 1
ORDER BY metric
