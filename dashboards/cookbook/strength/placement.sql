-- Which strength sessions lay badly among my runs?
-- One row a session, newest first; the flag says what speaks against its day.
SELECT
    athlete_id, local_date, day_kind, before_run_kind,
    round(since_run_h, 1) AS since_run_h, after_run_kind,
    round(until_run_h, 1) AS until_run_h, is_well_placed, flag
FROM session_placement
ORDER BY local_date DESC, session_id;
