-- grain: one run × 10 s in which the heart rate is the rhythm of the steps (cadence lock).
-- unit: run
-- A spell near the steps is one where it hugs and follows them and the same run at the same effort says
-- otherwise. Where the run tells nothing it must last longer and follow more closely: a heart that
-- beats as often as its runner steps is no fault.
with edged as (
  select
    run_id, part, covered_s, heart_rate_bpm, cadence_spm, odds_bpm, is_near_steps,
    is_near_steps is distinct from lag(is_near_steps) over run as begins
  from heart_rate_odds
  window run as (partition by run_id order by part)
),

numbered as (
  select *, sum(begins::int) over (partition by run_id order by part) as spell
  from edged
),

spell as (
  select
    run_id,
    spell,
    sum(exact(covered_s)) as covered_s,
    sound(likeness(heart_rate_bpm, cadence_spm)) as follows,
    median(odds_bpm) as odds_bpm,
    median(least(abs(heart_rate_bpm - cadence_spm), abs(heart_rate_bpm - cadence_spm / 2)))
      as off_bpm
  from numbered
  where is_near_steps
  group by run_id, spell
)

select n.run_id, n.part
from numbered as n
join spell as s using (run_id, spell)
cross join limits as l
where n.is_near_steps
  and s.off_bpm <= l.lock_hug_bpm
  and case
    when s.odds_bpm is null
      then s.covered_s >= l.lock_alone_min_s and s.follows >= l.lock_alone_follows
    else s.covered_s >= l.lock_min_s and abs(s.odds_bpm) >= l.lock_unlike_bpm
      and s.follows >= l.lock_follows
  end
