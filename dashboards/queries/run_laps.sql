-- grain: lap of one athlete's runs
SELECT run_id, lap_index, elapsed_s, moving_s, distance_m
FROM run_lap
WHERE run_id IN (SELECT run_id FROM run WHERE athlete_id = $athlete_id)
ORDER BY run_id, lap_index
