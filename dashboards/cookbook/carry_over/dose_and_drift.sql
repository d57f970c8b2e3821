-- What was the faded strength dose on the day of each long run, beside its drift?
-- One row a run that can be judged: the two columns to draw against each other.
SELECT
    drift.athlete_id, drift.local_date, round(dose.chronic_28, 2) AS chronic_28,
    round(drift.change_adj, 1) AS drift_ms, round(drift.se, 1) AS standard_error_ms,
    run.sensor_epoch
FROM form_decay AS drift
INNER JOIN run USING (run_id)
INNER JOIN dose_day AS dose
    ON dose.athlete_id = drift.athlete_id AND dose.local_date = drift.local_date
WHERE drift.metric = 'stance_time_ms' AND drift.eligible
ORDER BY drift.local_date DESC, drift.run_id;
