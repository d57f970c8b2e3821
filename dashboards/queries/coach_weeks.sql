-- grain: ISO week of one athlete, newest first
SELECT
    week_start, is_over, n_runs, glute_sessions, activation_sessions, hill_stride_sessions,
    sessions_target, kept_two, dose, placement_flags, says
FROM training_week
WHERE athlete_id = $athlete_id
ORDER BY week_start DESC
