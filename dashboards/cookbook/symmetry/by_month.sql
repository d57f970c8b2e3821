-- Has my contact balance moved over the months?
-- One row a month and sensor, weighted by the seconds that were valid.
SELECT
    athlete_id, sensor_epoch, date_trunc('month', local_date) AS month_date,
    count(*) AS n_runs,
    round(sum(stance_time_balance_pct * valid_s) / sum(valid_s), 2)
        AS stance_time_balance_pct,
    round(sum(valid_s) / 3600, 1) AS valid_h
FROM run_symmetry
WHERE stance_time_balance_pct IS NOT NULL
GROUP BY ALL
ORDER BY month_date DESC, athlete_id, sensor_epoch;
