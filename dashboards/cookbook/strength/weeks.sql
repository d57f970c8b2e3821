-- Did I keep my two strength sessions a week?
-- One row a week, newest first; dose 1 is your own median session.
SELECT
    athlete_id, week_start, glute_sessions AS n_glute_sessions,
    sessions_target AS n_planned, kept_two, round(dose, 2) AS dose,
    activation_sessions AS n_activation_sessions,
    hill_stride_sessions AS n_hill_stride_sessions
FROM training_week
ORDER BY week_start DESC, athlete_id;
