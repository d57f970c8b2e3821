-- After how many minutes does my form begin to change?
-- One row a run and metric where a beginning is seen, newest first.
SELECT
    athlete_id, local_date, metric, pattern,
    round(onset_moving_s / 60) AS onset_min,
    round(onset_ci_low_s / 60) AS low_min, round(onset_ci_high_s / 60) AS high_min
FROM form_onset
WHERE onset_moving_s IS NOT NULL
ORDER BY local_date DESC, run_id, metric
LIMIT 30;
