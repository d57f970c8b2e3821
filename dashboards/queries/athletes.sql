-- grain: one athlete
SELECT athlete_id, name
FROM athlete
ORDER BY athlete_id
