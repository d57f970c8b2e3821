-- grain: run of one athlete × some metrics × tenth, with the usual pattern of its sensor
SELECT
    p.run_id, p.metric, p.tenth, p.centre_moving_s, p.centre_distance_m, p.change_adj, p.ci_low, p.ci_high,
    u.change_adj AS usual, u.usual_low, u.usual_high, u.n_runs
FROM form_pattern AS p
JOIN run AS r ON r.run_id = p.run_id
LEFT JOIN form_pattern_usual AS u
    ON u.athlete_id = r.athlete_id AND u.sensor_epoch IS NOT DISTINCT FROM r.sensor_epoch
    AND u.metric = p.metric AND u.tenth = p.tenth
WHERE p.athlete_id = $athlete_id AND p.metric = ANY ($metrics)
ORDER BY p.run_id, p.metric, p.tenth
