-- How much did I run each week?
-- One row a week, newest first: runs, kilometres, hours of moving, hard and long runs.
SELECT
    athlete_id, week_start, n_runs,
    round(distance_m / 1000, 1) AS distance_km,
    round(moving_s / 3600, 1) AS moving_h,
    hard_runs AS n_hard_runs, long_runs AS n_long_runs
FROM training_week
ORDER BY week_start DESC, athlete_id;
