-- grain: one other way to ask the primary question
SELECT variant, metric, effect, ci_low, ci_high, p, n_runs, says
FROM carry_over_sensitivity
WHERE athlete_id = $athlete_id
ORDER BY variant = 'as registered' DESC, variant
