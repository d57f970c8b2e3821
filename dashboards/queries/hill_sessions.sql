-- grain: one session of hill strides of one athlete, newest first; the means are of its strides
WITH measured AS (
    SELECT
        run_id, avg(duration_s) AS mean_s, avg(climb_m) AS climb_m, avg(grade_pct) AS grade_pct,
        avg(flat_speed_mps) AS flat_speed_mps
    FROM hill_stride
    GROUP BY run_id
)
SELECT
    session.local_date, session.n_sets, session.n_sources, session.in_run_id AS run_id,
    measured.mean_s, measured.climb_m, measured.grade_pct, measured.flat_speed_mps
FROM strength_session AS session
LEFT JOIN measured ON measured.run_id = session.in_run_id
WHERE session.athlete_id = $athlete_id AND session.kind = 'hill_strides'
ORDER BY session.started_at DESC, session.session_id
