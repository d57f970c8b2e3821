-- grain: one family of outcomes, by exposure
SELECT exposure, family, n_metrics, metrics, p_family, effect_sd, ci_low_sd, ci_high_sd, sentence
FROM carry_over_family
WHERE athlete_id = $athlete_id
ORDER BY exposure = 'strength' DESC, exposure, family
