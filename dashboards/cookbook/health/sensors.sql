-- With which watch, strap or pod was I when?
-- One row a sensor epoch; values of two of them are never mixed.
SELECT
    athlete_id, sensor_epoch, from_date, to_date, n_runs, device, firmware_family,
    dynamics_source, opened_by
FROM sensor_epoch
ORDER BY athlete_id, from_date, sensor_epoch;
