-- How is my form in the hours after a strength session?
-- One row a metric and span of hours: difference from runs long after one.
SELECT
    athlete_id, metric, outcome, from_h, to_h, round(difference, 2) AS difference,
    effect_unit, round(ci_low, 2) AS ci_low, round(ci_high, 2) AS ci_high, n_runs
FROM acute_hours
ORDER BY athlete_id, metric, outcome, from_h;
