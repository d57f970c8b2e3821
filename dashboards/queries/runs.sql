-- grain: one run of one athlete with its form, newest first
SELECT
    run.run_id, run.local_date, run.started_at, run.name, run.kind, run.kind_by,
    run.kind_reason, run.track_direction, run.moving_s,
    run.distance_m, run.ascent_m, run.avg_speed_mps, run.avg_heart_rate_bpm,
    run.temperature_c, run.sensor_epoch,
    -- Where its page is: by a hash of its id, never the id itself.
    concat('runs/', run.local_date, '-', left(sha256(run.run_id), 8), '.html') AS href,
    form.* EXCLUDE (run_id, athlete_id, local_date)
FROM run
LEFT JOIN run_form AS form ON form.run_id = run.run_id
WHERE run.athlete_id = $athlete_id
ORDER BY run.started_at DESC, run.run_id
