-- Does my left leg get as much one-sided work as the right?
-- One row a month: dose by side, and the left's share (0.5 is even).
SELECT
    athlete_id, date_trunc('month', local_date) AS month_date,
    round(sum(dose) FILTER (exposure = 'left'), 2) AS left_dose,
    round(sum(dose) FILTER (exposure = 'right'), 2) AS right_dose,
    round(sum(dose) FILTER (exposure = 'left') / nullif(sum(dose), 0), 2) AS left_share,
    count(DISTINCT session_id) AS n_sessions
FROM session_dose
WHERE exposure IN ('left', 'right')
GROUP BY ALL
ORDER BY month_date DESC, athlete_id;
