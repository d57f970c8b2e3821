-- grain: one run × instant: how far and how high.
-- unit: run
select run_id, elapsed_s, distance_m, altitude_m
from sample_told
