-- grain: run × metric of one athlete, all long enough or not, with the dose that faded over $tau_d days
SELECT
    drift.run_id, drift.local_date, drift.metric, drift.early, drift.late, drift.change,
    drift.change_adj, drift.ci_low, drift.ci_high, drift.eligible, drift.reason,
    run.distance_m, run.moving_s, run.sensor_epoch,
    CASE $tau_d WHEN 14 THEN dose.chronic_14 WHEN 42 THEN dose.chronic_42 ELSE dose.chronic_28 END
        AS chronic_dose
FROM form_decay AS drift
INNER JOIN run ON run.run_id = drift.run_id
LEFT JOIN dose_day AS dose
    ON dose.athlete_id = drift.athlete_id AND dose.local_date = drift.local_date
WHERE drift.athlete_id = $athlete_id
ORDER BY drift.local_date DESC, drift.run_id, drift.metric
