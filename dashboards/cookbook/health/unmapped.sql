-- Which names of exercises are not known, and so count for no dose?
-- One row a name, most sets first; `carryover doctor` tells the line that settles it.
SELECT
    session.athlete_id, coalesce(done.exercise_raw, 'without a name') AS exercise_raw,
    count(*) AS n_sets, max(session.local_date) AS last_date
FROM strength_set AS done
INNER JOIN strength_session AS session USING (session_id)
WHERE done.exercise_id IS NULL AND done.matched_by IS DISTINCT FROM 'override'
GROUP BY session.athlete_id, done.exercise_raw
ORDER BY n_sets DESC, exercise_raw, session.athlete_id;
