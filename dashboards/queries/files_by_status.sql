-- grain: one place (on disk, in zips), kind and status of files; a packed file is what it holds
SELECT
    place.outer_sha256 IS NOT NULL AS is_inside, place.kind, place.status, count(*) AS n_files,
    CAST(sum(file.size_bytes) AS BIGINT) AS size_bytes
FROM source_place AS place
LEFT JOIN source_file AS file USING (sha256)
WHERE place.is_file AND place.status IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
