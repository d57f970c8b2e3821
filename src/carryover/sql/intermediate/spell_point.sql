-- grain: one run × instant: what its recording repeats until it has something new.
-- unit: run
select
  run_id, elapsed_s, segment, heart_rate_bpm,
  stance_time_ms, stance_time_balance_pct, vertical_oscillation_mm
from sample_told
