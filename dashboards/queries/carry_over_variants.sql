-- grain: one other way to ask the primary question
SELECT variant, metric, effect, effect_unit, ci_low, ci_high, p, n_runs, says
FROM carry_over_sensitivity
WHERE athlete_id = $athlete_id
ORDER BY variant_order
