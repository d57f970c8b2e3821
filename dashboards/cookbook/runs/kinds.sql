-- How are my runs split into easy, long, workout and race?
-- One row a kind: runs, kilometres, its share of the distance.
SELECT
    athlete_id, coalesce(kind, 'not known') AS kind, count(*) AS n_runs,
    round(sum(distance_m) / 1000) AS distance_km,
    round(sum(distance_m) / sum(sum(distance_m)) OVER (PARTITION BY athlete_id), 2)
        AS distance_share
FROM run
GROUP BY athlete_id, kind
ORDER BY athlete_id, n_runs DESC, kind;
