-- What was my form on the last runs, at the same speed?
-- One row a run, newest first: as run, at reference speed on the level, and how
-- much of the running carried the metric.
SELECT
    athlete_id, local_date,
    round(stance_time_ms, 1) AS stance_time_ms,
    round(stance_time_ms_adj, 1) AS stance_time_ms_adj,
    round(stance_time_ms_coverage_pct) AS stance_time_ms_coverage_pct,
    round(cadence_spm, 1) AS cadence_spm,
    round(cadence_spm_adj, 1) AS cadence_spm_adj
FROM run_form
ORDER BY local_date DESC, run_id
LIMIT 20;
