-- grain: sensor epoch of one athlete, newest first, as it may be told to others: no serial number,
-- and no model in whose words one stands
WITH serials AS (
    SELECT DISTINCT serial
    FROM sensor_epoch
    -- Apps write 1 where there is none.
    WHERE length(serial) >= 4
)
SELECT
    epoch.from_date, epoch.to_date, epoch.n_runs, epoch.opened_by,
    CASE
        WHEN regexp_matches(epoch.device, '[0-9]{5,}') THEN NULL
        WHEN EXISTS (SELECT 1 FROM serials WHERE contains(epoch.device, serials.serial)) THEN NULL
        -- A number without its maker tells nobody anything.
        WHEN regexp_full_match(epoch.device, '[0-9]*')
            THEN nullif(concat_ws(' ', epoch.manufacturer, epoch.device), '')
        ELSE epoch.device
    END AS model,
    CASE
        WHEN coalesce(epoch.dynamics_source, 'none') = 'none' THEN 'none'
        WHEN epoch.dynamics_source = 'watch' THEN 'watch'
        WHEN epoch.dynamics_source LIKE '% app' THEN 'app'
        ELSE 'strap or pod'
    END AS dynamics,
    list(own.metric ORDER BY own.metric) FILTER (own.origin = 'computed') AS computed,
    list(own.metric ORDER BY own.metric) FILTER (own.origin = 'measured') AS measured
FROM sensor_epoch AS epoch
LEFT JOIN sensor_metric AS own
    ON own.athlete_id = epoch.athlete_id AND own.sensor_epoch = epoch.sensor_epoch
WHERE epoch.athlete_id = $athlete_id
GROUP BY ALL
ORDER BY epoch.to_date DESC, epoch.from_date DESC, model
