-- grain: one group of runs of like dose of the primary question
SELECT group_number, n_runs, dose, dose_low, dose_high, value, ci_low, ci_high
FROM carry_over_group
WHERE athlete_id = $athlete_id
ORDER BY group_number
