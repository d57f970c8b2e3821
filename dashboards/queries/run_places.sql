-- grain: instant of one run with a position outside the zones, one in five seconds, in order
-- `n_hidden`: hidden instants so far; where it rises the way has passed a zone, however shortly
WITH told AS (
  SELECT
    elapsed_s, latitude_deg, longitude_deg,
    count(*) FILTER (WHERE place_hidden) OVER (ORDER BY elapsed_s) AS n_hidden
  FROM sample
  WHERE run_id = $run_id
)
SELECT elapsed_s, latitude_deg, longitude_deg, n_hidden
FROM told
WHERE latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY n_hidden, floor(elapsed_s / 5) ORDER BY elapsed_s) = 1
ORDER BY elapsed_s
