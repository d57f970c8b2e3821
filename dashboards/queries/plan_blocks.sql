-- grain: one block of one athlete's plan
SELECT block, state, from_date, to_date, n_weeks, status, planned_sessions, sessions_done, kept_share
FROM plan_block
WHERE athlete_id = $athlete_id
ORDER BY block
