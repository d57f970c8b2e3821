-- On which foot did I stand longer on the last runs, and is it more than noise?
-- One row a run, newest first: share on the left (50 is even) with the noise of
-- that run, and the symmetry index.
SELECT
    athlete_id, local_date, sensor_epoch,
    round(stance_time_balance_pct, 2) AS stance_time_balance_pct,
    round(balance_se_pct, 2) AS balance_se_pct,
    round(symmetry_index_pct, 1) AS symmetry_index_pct, zone, sides_from
FROM run_symmetry
ORDER BY local_date DESC, run_id
LIMIT 20;
