-- grain: one run of the primary question, newest first
SELECT
    run_id, local_date, metric, outcome, dose, value, partial_residual, fitted, fitted_low,
    fitted_high, weight
FROM carry_over_point
WHERE athlete_id = $athlete_id
ORDER BY local_date DESC, run_id
