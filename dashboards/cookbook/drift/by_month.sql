-- Has my late-run drift of contact time grown or shrunk over the months?
-- One row a month: the mean drift, each run weighted by how sure it is.
SELECT
    athlete_id, date_trunc('month', local_date) AS month_date, count(*) AS n_runs,
    round(sum(change_adj / se ** 2) / sum(1 / se ** 2), 1) AS drift_ms,
    round(sqrt(1 / sum(1 / se ** 2)), 1) AS standard_error_ms
FROM form_decay
WHERE metric = 'stance_time_ms' AND eligible
GROUP BY ALL
ORDER BY month_date DESC, athlete_id;
