-- Does the strength work carry over?
-- One row for the question that was fixed: the effect of two sessions a week with
-- its 95 % interval and the smallest change that matters, in `effect_unit`.
SELECT
    athlete_id, metric, outcome, verdict, round(effect, 2) AS effect, effect_unit,
    round(ci_low, 2) AS ci_low, round(ci_high, 2) AS ci_high, swc, tau_d,
    n_runs, sentence
FROM carry_over
WHERE role = 'primary'
ORDER BY athlete_id;
