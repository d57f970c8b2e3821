-- grain: one row: what of an athlete came in since $since
SELECT
    count(*) AS n_files,
    count(*) FILTER (status IN ('rejected', 'unsupported')) AS n_set_aside,
    (SELECT count(*) FROM source_file WHERE athlete_id = $athlete_id) AS n_known
FROM source_file
WHERE ingested_at >= $since AND athlete_id = $athlete_id
