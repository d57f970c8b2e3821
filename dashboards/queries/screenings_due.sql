-- grain: test × side of one athlete, due first
SELECT test, side, last_date, score, unit, due_date, is_due, limb_symmetry_pct, weaker_side
FROM screening_due
WHERE athlete_id = $athlete_id
ORDER BY due_date, test, side
