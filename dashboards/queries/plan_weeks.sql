-- grain: the week of one athlete's plan that the newest data lie in
SELECT w.block, w.week_of_block, w.state, w.planned_sessions, w.sessions_done, b.n_weeks
FROM plan_week AS w
INNER JOIN plan_block AS b ON w.athlete_id = b.athlete_id AND w.block = b.block
WHERE w.athlete_id = $athlete_id AND w.status = 'now'
