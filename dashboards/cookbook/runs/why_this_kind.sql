-- Why does a run count as a workout, a long run or a race?
-- One row a run that is not easy, newest first, with who said so and why.
SELECT athlete_id, local_date, kind, kind_by, kind_reason
FROM run
WHERE kind <> 'easy'
ORDER BY started_at DESC, run_id
LIMIT 20;
