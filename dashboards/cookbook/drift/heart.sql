-- What does my heart pay for the same metre late in a run?
-- One row a run that can be judged, newest first: 1.05 is 5 % more beats a metre.
SELECT
    run.athlete_id, run.local_date,
    round(heart.hr_decoupling_ratio, 3) AS hr_decoupling_ratio,
    round(heart.early_heart_rate_bpm) AS early_heart_rate_bpm,
    round(heart.late_heart_rate_bpm) AS late_heart_rate_bpm,
    heart.decoupling_class
FROM run_durability AS heart
INNER JOIN run USING (run_id)
WHERE heart.eligible
ORDER BY run.started_at DESC, run.run_id;
