-- grain: why the drift of $metric was not judged in some runs of one athlete, the commonest first;
-- a run's own number gives way to the bound, so that runs with one reason are counted together
WITH told AS (
    SELECT
        local_date,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    reason, '^[0-9]+ min moving; ([0-9]+) are needed$',
                    'shorter than \1 min of moving time'
                ),
                '^[0-9]+ valid min (.+); ([0-9]+) are needed$', 'less than \2 valid min \1'
            ),
            '^only [0-9]+ % of (.+) is valid; ([0-9]+) are needed$', 'less than \2 % of \1 is valid'
        ) AS reason
    FROM form_decay
    WHERE athlete_id = $athlete_id AND metric = $metric AND NOT eligible
)
SELECT reason, count(*) AS n_runs, max(local_date) AS last_date
FROM told
WHERE reason IS NOT NULL
GROUP BY reason
ORDER BY n_runs DESC, reason
