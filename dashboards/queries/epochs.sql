-- grain: sensor epoch of one athlete
SELECT
    activity.athlete_id, activity.sensor_epoch,
    string_agg(DISTINCT activity.device, ', ' ORDER BY activity.device) AS devices,
    min(activity.local_date) AS from_date, max(activity.local_date) AS to_date,
    count(DISTINCT activity.run_id) AS n_runs
FROM activity
WHERE activity.run_id IS NOT NULL
GROUP BY activity.athlete_id, activity.sensor_epoch
ORDER BY activity.athlete_id, from_date, activity.sensor_epoch
