-- grain: one estimate of one athlete, the primary one first
SELECT
    metric, outcome, exposure, tau_d, role, effect, effect_unit, ci_low, ci_high,
    p_shift, q, swc, n_runs, n_weeks, n_switches, mde80, lead_p, verdict, missing, sentence,
    registered_version, weeks_as_now, plan_weeks
FROM carry_over
WHERE athlete_id = $athlete_id
ORDER BY role = 'primary' DESC, exposure <> 'strength', exposure, outcome, metric, tau_d
