-- How long is my contact at each speed?
-- One row a fifth of a metre a second, steady running only, weighted by time.
SELECT
    run.athlete_id, run.sensor_epoch, round(sample.speed_mps * 5) / 5 AS speed_mps,
    round(sum(sample.stance_time_ms * sample.dt_s) / sum(sample.dt_s), 1)
        AS stance_time_ms,
    round(sum(sample.dt_s) / 60) AS valid_min
FROM sample
INNER JOIN run USING (run_id)
WHERE sample.is_steady AND sample.stance_time_ms IS NOT NULL
GROUP BY ALL
HAVING sum(sample.dt_s) >= 300
ORDER BY run.athlete_id, run.sensor_epoch, speed_mps;
