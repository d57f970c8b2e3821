-- grain: one run × 10 s of its first minutes in which the heart rate has not settled yet.
-- unit: run
with told as (
  select
    p.run_id, p.part, p.covered_s,
    coalesce(p.is_running and p.moving_s < l.settle_s and (
      p.odds_bpm >= l.settle_above_bpm or (p.has_caught_up and p.odds_bpm <= -l.settle_below_bpm)
    ), false) as is_odd
  from heart_rate_odds as p
  cross join limits as l
),

edged as (
  select *, is_odd is distinct from lag(is_odd) over (partition by run_id order by part) as begins
  from told
),

numbered as (
  select *, sum(begins::int) over (partition by run_id order by part) as spell
  from edged
)

select run_id, part
from numbered
cross join limits as l
where is_odd
qualify sum(exact(covered_s)) over (partition by run_id, spell) >= l.settle_min_s
