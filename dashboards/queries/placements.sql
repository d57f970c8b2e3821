-- grain: strength session of one athlete since $since, newest first
SELECT session_id, local_date, day_kind, flag, rules[1] AS rule, judged_by
FROM session_placement
WHERE athlete_id = $athlete_id AND local_date >= $since
ORDER BY local_date DESC, session_id
