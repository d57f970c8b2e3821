-- What became of the files that came in?
-- One row a status and kind: contents, and MB of them.
SELECT
    status, kind, count(*) AS n_contents, sum(n_places) AS n_places,
    round(sum(size_bytes) / 1000000, 1) AS size_mb
FROM source_file
GROUP BY status, kind
ORDER BY status, kind;
