-- How much do contact time and cadence change with speed?
-- One row a sensor and metric: change for each metre a second faster, with its
-- standard error, in the metric's unit.
SELECT
    base.athlete_id, base.sensor_epoch, metric.label, metric.unit,
    round(base.reference_speed_mps, 2) AS reference_speed_mps,
    round(base.speed_slope, 2) AS speed_slope,
    round(base.speed_slope_se, 2) AS speed_slope_se, base.n_runs, base.n_bins
FROM form_baseline AS base
INNER JOIN metric ON metric.metric = base.metric
WHERE base.usable
ORDER BY base.athlete_id, base.sensor_epoch, metric.label;
