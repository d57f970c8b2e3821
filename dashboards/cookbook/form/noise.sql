-- How large must a change of one run be before it is real?
-- One row a sensor and metric: the noise of one run and the smallest change
-- that stands out with 95 %, in the metric's unit.
SELECT
    noise.athlete_id, noise.sensor_epoch, metric.label, metric.unit,
    round(noise.sem, 2) AS sem, round(noise.mdc95, 2) AS mdc95,
    round(noise.usual_low, 2) AS usual_low, round(noise.usual_high, 2) AS usual_high,
    noise.n_runs, noise.reason
FROM metric_noise AS noise
INNER JOIN metric ON metric.metric = noise.metric
ORDER BY noise.athlete_id, noise.sensor_epoch, metric.label;
