-- grain: sensor epoch of one athlete
SELECT
    athlete_id, sensor_epoch,
    -- A number without its maker tells nobody anything.
    CASE
        WHEN regexp_full_match(coalesce(device, ''), '\d*')
            THEN nullif(concat_ws(' ', manufacturer, device), '')
        ELSE device
    END AS devices,
    firmware_family, dynamics_source, opened_by,
    from_date, to_date, n_runs
FROM sensor_epoch
ORDER BY athlete_id, from_date, sensor_epoch
