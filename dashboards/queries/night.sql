-- grain: one row: what came in since $since
SELECT
    count(*) AS n_files,
    count(*) FILTER (status IN ('rejected', 'unsupported')) AS n_set_aside,
    (SELECT count(*) FROM source_file) AS n_known
FROM source_file
WHERE ingested_at >= $since
