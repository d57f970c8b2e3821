-- grain: one run × 10 s that lies beside a jump, on the side that is further from the run's usual.
-- unit: run
-- The stretch with the jump in it is odd itself. Long ones are left: they may be the true ones.
with numbered as (
  select
    *,
    sum(jumps::int) over (partition by run_id order by part) as spell
  from heart_rate_odds
),

spell as (
  select
    run_id,
    spell,
    sum(exact(covered_s)) as covered_s,
    arg_min(heart_rate_bpm, part) filter (where not jumps) as first_bpm,
    arg_max(heart_rate_bpm, part) filter (where not jumps) as last_bpm,
    any_value(usual_bpm) as usual_bpm
  from numbered
  group by run_id, spell
),

edged as (
  select
    s.*,
    lag(last_bpm) over run as before_bpm,
    lead(first_bpm) over run as after_bpm
  from spell as s
  window run as (partition by run_id order by spell)
),

odd as (
  select e.run_id, e.spell
  from edged as e
  cross join limits as l
  where e.covered_s <= l.heart_rate_stray_max_s and (
    (
      abs(e.first_bpm - e.before_bpm) >= l.heart_rate_jump_bpm
      and abs(e.first_bpm - e.usual_bpm) > abs(e.before_bpm - e.usual_bpm)
    ) or (
      abs(e.last_bpm - e.after_bpm) >= l.heart_rate_jump_bpm
      and abs(e.last_bpm - e.usual_bpm) > abs(e.after_bpm - e.usual_bpm)
    )
  )
)

select n.run_id, n.part
from numbered as n
left join odd as o using (run_id, spell)
where n.jumps or o.spell is not null
