-- What moved in the last weeks, and is it more than noise?
-- One row a metric and comparison: value, change and noise in the metric's unit.
SELECT
    now.athlete_id, metric.label, metric.unit, now.compared,
    round(now.value, 2) AS value, round(now.change, 2) AS change,
    round(now.noise, 2) AS noise, now.word, now.n1, now.n2
FROM form_change AS now
INNER JOIN metric ON metric.metric = now.metric
WHERE now.outcome = 'level' AND now.word IS NOT NULL
ORDER BY now.athlete_id, abs(now.change) / now.noise DESC, metric.label, now.compared;
