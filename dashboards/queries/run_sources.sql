-- grain: recording of one athlete's runs, with the groups of channels that it gives and its file
WITH held AS (
    SELECT activity_id, min_by(path, (status <> 'loaded', path)) AS path,
        min_by(sha256, (status <> 'loaded', path)) AS sha256
    FROM source_file
    WHERE activity_id IS NOT NULL
    GROUP BY activity_id
)

SELECT
    source.run_id, source.device, source.source_kind, source.is_timeline, source.clock_shift_s,
    source.matched_by, source.distance_m, held.path, held.sha256,
    list(channel.channel_group ORDER BY channel.channel_group)
        FILTER (WHERE channel.channel_group IS NOT NULL) AS gives
FROM run_source AS source
LEFT JOIN run_channel AS channel
    ON channel.run_id = source.run_id AND channel.activity_id = source.activity_id
LEFT JOIN held ON held.activity_id = source.activity_id
WHERE source.run_id IN (SELECT run_id FROM run WHERE athlete_id = $athlete_id)
GROUP BY ALL
ORDER BY source.run_id, source.is_timeline DESC, source.device, source.source_kind, held.path
