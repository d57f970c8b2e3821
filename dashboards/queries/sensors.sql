-- grain: sensor epoch of one athlete, oldest first
SELECT sensor_epoch, from_date, to_date, opened_by, firmware_family, dynamics_source
FROM sensor_epoch
WHERE athlete_id = $athlete_id
ORDER BY from_date, sensor_epoch
