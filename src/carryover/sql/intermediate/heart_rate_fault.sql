-- grain: one run × 10 s with a faulty heart rate: what is wrong with it (keys of `exclusion`).
-- unit: run
with found as (
  select p.run_id, p.part, 1 as place, 'heart_rate_range' as fault_key
  from heart_rate_part as p
  cross join limits as l
  where p.is_running
    and (p.lowest_bpm < l.heart_rate_low_bpm or p.highest_bpm > l.heart_rate_high_bpm)
  union all
  select run_id, part, 2, 'cadence_lock' from heart_rate_lock
  union all
  select run_id, part, 3, 'heart_rate_jump' from heart_rate_stray
  union all
  select run_id, part, 4, 'heart_rate_flat' from heart_rate_flat
  union all
  select p.run_id, p.part, 5, 'heart_rate_low'
  from heart_rate_odds as p
  cross join limits as l
  where p.has_caught_up and p.odds_bpm <= -l.heart_rate_far_below_bpm
  union all
  select run_id, part, 6, 'heart_rate_unsettled' from heart_rate_unsettled
)

select run_id, part, arg_min(fault_key, place) as fault_key
from found
group by run_id, part
