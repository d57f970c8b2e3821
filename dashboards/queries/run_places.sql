-- grain: instant of one run with a position outside the zones, one in five seconds, in order
SELECT elapsed_s, latitude_deg, longitude_deg
FROM sample
WHERE run_id = $run_id AND latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY floor(elapsed_s / 5) ORDER BY elapsed_s) = 1
ORDER BY elapsed_s
