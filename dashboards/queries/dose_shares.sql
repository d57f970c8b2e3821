-- grain: span of 4 and 12 weeks of one athlete
SELECT n_weeks, n_sets, hip_share, knee_share, one_sided_share, share_of
FROM dose_share
WHERE athlete_id = $athlete_id
ORDER BY n_weeks
