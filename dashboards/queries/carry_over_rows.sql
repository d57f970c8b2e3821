-- grain: one estimate of one athlete, the primary one first
SELECT
    metric, outcome, exposure, tau_d, role, effect, effect_unit, ci_low, ci_high,
    effect_raw, ci_low_raw, ci_high_raw, posterior, posterior_low, posterior_high, prior_sd,
    chance_above, chance_below, p_curve, p, p_shift, q, swc, mdc95, n_runs, n_weeks, n_switches,
    mde80, lead_p, good_side, verdict, missing, sentence, registered_version, weeks_as_now,
    plan_weeks
FROM carry_over
WHERE athlete_id = $athlete_id
ORDER BY role = 'primary' DESC, exposure = 'strength' DESC, exposure, outcome, metric, tau_d
