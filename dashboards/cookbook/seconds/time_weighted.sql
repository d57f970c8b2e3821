-- How do I average contact time rightly?
-- One row a run, newest first: by time, as run_form does, beside the plain mean
-- of rows, which is wrong where a watch writes every 1 to 9 seconds.
SELECT
    run.local_date,
    round(sum(sample.stance_time_ms * sample.dt_s) / sum(sample.dt_s), 1)
        AS by_time_ms,
    round(avg(sample.stance_time_ms), 1) AS by_row_ms,
    round(sum(sample.dt_s)) AS valid_s
FROM sample
INNER JOIN run USING (run_id)
WHERE sample.is_running AND sample.stance_time_ms IS NOT NULL
GROUP BY run.run_id, run.local_date
ORDER BY run.local_date DESC, run.run_id
LIMIT 20;
