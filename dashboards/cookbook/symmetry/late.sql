-- Do I become more one-sided late in a run?
-- One row a run that can be judged, newest first; above 0 is further from even.
SELECT
    athlete_id, local_date, baseline_side,
    round(drift_outward_pct, 2) AS drift_outward_pct,
    round(drift_outward_low_pct, 2) AS low_pct,
    round(drift_outward_high_pct, 2) AS high_pct
FROM run_symmetry
WHERE drift_outward_pct IS NOT NULL
ORDER BY local_date DESC, run_id;
