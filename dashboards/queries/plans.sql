-- grain: one athlete's plan
SELECT made_on_date, metric, outcome, wanted_half, expected_weeks, is_randomised, is_intact, is_drawn
FROM plan
WHERE athlete_id = $athlete_id
