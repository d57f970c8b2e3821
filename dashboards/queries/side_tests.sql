-- grain: test of both sides of one athlete: its newest day, and how often which side was the weaker
SELECT
    max(local_date) AS last_date,
    arg_max(test, local_date) AS test,
    arg_max(unit, local_date) AS unit,
    arg_max(left_score, local_date) AS left_score,
    arg_max(right_score, local_date) AS right_score,
    max_by(limb_symmetry_pct, local_date) AS limb_symmetry_pct,
    first(weaker_side ORDER BY local_date DESC) AS weaker_side,
    count(*) AS n_days,
    count(*) FILTER (weaker_side = 'left') AS n_left,
    count(*) FILTER (weaker_side = 'right') AS n_right
FROM screening_symmetry
WHERE athlete_id = $athlete_id
GROUP BY coalesce(test_id, lower(test))
ORDER BY last_date DESC, test
