-- grain: tenth of one of the newest $n_runs judged runs of one athlete, with the usual of its sensor
WITH newest AS (
    SELECT drift.run_id, run.local_date, run.started_at, run.distance_m, run.sensor_epoch
    FROM form_decay AS drift
    INNER JOIN run ON run.run_id = drift.run_id
    WHERE drift.athlete_id = $athlete_id AND drift.metric = $metric AND drift.eligible
    ORDER BY run.started_at DESC, drift.run_id
    LIMIT $n_runs
)
SELECT
    newest.run_id, newest.local_date, newest.distance_m, p.tenth, p.change_adj, p.ci_low, p.ci_high,
    usual.usual_low, usual.usual_high
FROM newest
INNER JOIN form_pattern AS p ON p.run_id = newest.run_id AND p.metric = $metric
LEFT JOIN form_pattern_usual AS usual
    ON usual.athlete_id = p.athlete_id AND usual.metric = p.metric AND usual.tenth = p.tenth
    AND usual.sensor_epoch IS NOT DISTINCT FROM newest.sensor_epoch
ORDER BY newest.started_at DESC, newest.run_id, p.tenth
