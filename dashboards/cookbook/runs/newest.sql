-- What were my last runs, with pace and heart rate?
-- One row a run, newest first; pace is of moving time.
SELECT
    athlete_id, local_date, name, kind,
    round(distance_m / 1000, 1) AS distance_km,
    round(moving_s / 60) AS moving_min,
    round(1000 / avg_speed_mps / 60, 2) AS pace_min_per_km,
    round(avg_heart_rate_bpm) AS avg_heart_rate_bpm,
    round(ascent_m) AS ascent_m
FROM run
ORDER BY started_at DESC, run_id
LIMIT 20;
