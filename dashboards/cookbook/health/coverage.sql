-- How much of my running carries contact time, by sensor?
-- One row a sensor: valid share of the moving hours, weighted by time; a run
-- without any counts as 0 %.
SELECT
    run.athlete_id, run.sensor_epoch, count(*) AS n_runs,
    round(sum(run.moving_s) / 3600, 1) AS moving_h,
    round(
        sum(coalesce(form.stance_time_ms_coverage_pct, 0) * run.moving_s)
        / sum(run.moving_s), 1
    ) AS stance_time_ms_coverage_pct
FROM run
INNER JOIN run_form AS form USING (run_id)
GROUP BY run.athlete_id, run.sensor_epoch
ORDER BY run.athlete_id, n_runs DESC, run.sensor_epoch;
