-- grain: metric of one athlete: how often form began to change within a run, and from when
SELECT
    metric,
    count(*) AS n_runs,
    count(*) FILTER (pattern = 'none seen') AS n_none,
    count(*) FILTER (pattern = 'steady from the start') AS n_steady,
    count(*) FILTER (pattern LIKE 'from about%') AS n_placed,
    median(onset_moving_s) FILTER (pattern LIKE 'from about%') AS onset_s,
    min(onset_moving_s) FILTER (pattern LIKE 'from about%') AS first_s,
    max(onset_moving_s) FILTER (pattern LIKE 'from about%') AS last_s
FROM form_onset
WHERE athlete_id = $athlete_id AND pattern <> 'cannot be told'
GROUP BY metric
ORDER BY metric
