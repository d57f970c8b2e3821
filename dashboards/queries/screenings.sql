-- grain: test of one athlete: its newest day, left, right and both or no side
WITH named AS (
    SELECT
        screening.*, coalesce(screening.test_id, lower(screening.test)) AS test_key,
        coalesce(screening_test.name, screening.test) AS test_name
    FROM screening
    LEFT JOIN screening_test ON screening_test.test_id = screening.test_id
    WHERE screening.athlete_id = $athlete_id
),
newest AS (
    SELECT *
    FROM named
    QUALIFY local_date = max(local_date) OVER (PARTITION BY test_key)
)
SELECT
    newest.local_date, min(newest.test_name) AS test, min(newest.kind) AS kind,
    min(newest.unit) AS unit,
    max(newest.score) FILTER (newest.side = 'left') AS left_score,
    max(newest.score) FILTER (newest.side = 'right') AS right_score,
    max(newest.score) FILTER (coalesce(newest.side, 'both') = 'both') AS score,
    any_value(pair.limb_symmetry_pct) AS limb_symmetry_pct,
    any_value(pair.weaker_side) AS weaker_side
FROM newest
LEFT JOIN screening_symmetry AS pair
    ON pair.athlete_id = newest.athlete_id AND pair.local_date = newest.local_date
    AND coalesce(pair.test_id, lower(pair.test)) = newest.test_key
GROUP BY newest.test_key, newest.local_date
ORDER BY newest.local_date DESC, test
