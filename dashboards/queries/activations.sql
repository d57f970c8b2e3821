-- grain: one session of activation drills of one athlete, newest first
SELECT
    session.local_date, session.started_at, session.duration_s, session.n_sets,
    session.before_run_id AS run_id,
    run.name AS run_name, run.kind AS run_kind, run.distance_m
FROM strength_session AS session
LEFT JOIN run ON run.run_id = session.before_run_id
WHERE session.athlete_id = $athlete_id AND session.kind = 'activation'
ORDER BY session.started_at DESC, session.session_id
