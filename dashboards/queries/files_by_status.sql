-- grain: one kind and status of source files
SELECT kind, status, count(*) AS n_files, CAST(sum(size_bytes) AS BIGINT) AS size_bytes
FROM source_file
GROUP BY kind, status
ORDER BY kind, status
