-- What else goes with strength work?
-- One row an outcome, the surest first; q allows for having looked at all of them.
SELECT
    athlete_id, metric, outcome, exposure, round(effect, 2) AS effect, effect_unit,
    round(ci_low, 2) AS ci_low, round(ci_high, 2) AS ci_high, round(q, 2) AS q, n_runs,
    verdict
FROM carry_over
WHERE role = 'exploratory' AND effect IS NOT NULL
ORDER BY athlete_id, q, metric, outcome, exposure;
