-- grain: one row: which files of an athlete came in since $since; an archive is one, and what lies
-- in it beside recordings is not worth a word here
SELECT
    count(*) FILTER (ingested_at >= $since AND outer_sha256 IS NULL) AS n_files,
    count(*) FILTER (
        ingested_at >= $since AND outer_sha256 IS NOT NULL
        AND status IN ('loaded', 'duplicate', 'partial')
    ) AS n_inside,
    count(*) FILTER (
        ingested_at >= $since AND (
            status = 'rejected' OR (status = 'unsupported' AND outer_sha256 IS NULL)
        )
    ) AS n_set_aside,
    count(*) AS n_known
FROM source_place
WHERE athlete_id = $athlete_id AND is_file
