-- grain: lap of one run
SELECT lap_index, elapsed_s, moving_s, distance_m
FROM run_lap
WHERE run_id = $run_id
ORDER BY lap_index
