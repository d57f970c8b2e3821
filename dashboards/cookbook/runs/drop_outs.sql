-- How much of each run does not count, and why?
-- One row a run and reason, newest first; a second can have several reasons.
SELECT
    run.athlete_id, run.local_date, lost.reason, lost.applies_to,
    round(lost.excluded_s) AS excluded_s, round(lost.moving_share, 3) AS moving_share
FROM run_exclusion AS lost
INNER JOIN run USING (run_id)
ORDER BY
    run.started_at DESC, run.run_id, lost.excluded_s DESC, lost.reason, lost.applies_to
LIMIT 30;
