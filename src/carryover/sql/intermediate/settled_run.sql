-- grain: one run that its sensor epoch's baselines are learnt from.
-- They are learnt anew whenever an epoch has grown by a twentieth, not after every run: what one run
-- in two thousand adds is far below what can be told, and would move the numbers of all others.
-- Up to `settled_runs` every run counts; beyond, the first n that a ladder of steps allows.
with numbered as (
  select
    run_id,
    row_number() over (partition by athlete_id, sensor_epoch order by started_at, run_id) as number,
    count(*) over (partition by athlete_id, sensor_epoch) as n_runs
  from run_base
)

select n.run_id
from numbered as n
cross join limits as l
where n.number <= case
  when n.n_runs <= l.settled_runs then n.n_runs
  else floor(
    l.settled_runs * pow(
      1 + l.settled_step, floor(ln(n.n_runs / l.settled_runs) / ln(1 + l.settled_step))
    )
  )
end
