-- grain: one row: what of an athlete came in since $since; archives only hold files, and what lies
-- in them beside recordings is not worth a word here
WITH told AS (
    SELECT
        file.ingested_at,
        file.status,
        file.status = 'rejected' OR (
            file.status = 'unsupported' AND EXISTS (
                SELECT 1 FROM source_place AS place
                WHERE place.sha256 = file.sha256 AND place.outer_sha256 IS NULL
            )
        ) AS is_aside
    FROM source_file AS file
    WHERE file.athlete_id = $athlete_id AND file.kind NOT IN ('zip', 'gz')
)

SELECT
    count(*) FILTER (ingested_at >= $since AND (is_aside OR status <> 'unsupported')) AS n_files,
    count(*) FILTER (ingested_at >= $since AND is_aside) AS n_set_aside,
    count(*) AS n_known
FROM told
