-- grain: one contrast of runs near a session, by metric and outcome
SELECT contrast, metric, outcome, effect, effect_unit, ci_low, ci_high, q, n_runs, n_with, says, reason
FROM acute_effect
WHERE athlete_id = $athlete_id
ORDER BY contrast DESC, outcome, metric
