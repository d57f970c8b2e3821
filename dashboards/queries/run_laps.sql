-- grain: lap of several runs
SELECT run_id, lap_index, elapsed_s, moving_s, distance_m
FROM run_lap
WHERE run_id = ANY ($run_ids)
ORDER BY run_id, lap_index
