-- grain: recording of one run, with the groups of channels that it gives
SELECT
    source.device, source.source_kind, source.is_timeline, source.clock_shift_s,
    source.matched_by, source.distance_m,
    list(channel.channel_group ORDER BY channel.channel_group)
        FILTER (WHERE channel.channel_group IS NOT NULL) AS gives
FROM run_source AS source
LEFT JOIN run_channel AS channel
    ON channel.run_id = source.run_id AND channel.activity_id = source.activity_id
WHERE source.run_id = $run_id
GROUP BY ALL
ORDER BY source.is_timeline DESC, source.device, source.source_kind
