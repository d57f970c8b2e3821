-- grain: one run × 10 s of a heart rate that stands still to the beat while the effort changes.
-- unit: run
-- A constant heart rate at a constant effort is no fault.
with edged as (
  select
    *,
    coalesce(
      lowest_bpm = highest_bpm and lowest_bpm = lag(highest_bpm) over run
      and lag(lowest_bpm) over run = lag(highest_bpm) over run,
      false
    ) as goes_on
  from heart_rate_odds
  window run as (partition by run_id order by part)
),

numbered as (
  select *, sum((not goes_on)::int) over (partition by run_id order by part) as spell
  from edged
),

spell as (
  select run_id, spell
  from numbered
  cross join limits as l
  where is_running
  group by run_id, spell, l.heart_rate_flat_s, l.heart_rate_flat_effort_mps
  having sum(exact(covered_s)) > l.heart_rate_flat_s
    and max(effort_mps) - min(effort_mps) >= l.heart_rate_flat_effort_mps
)

select n.run_id, n.part
from numbered as n
join spell using (run_id, spell)
