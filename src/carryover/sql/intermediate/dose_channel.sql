-- grain: one athlete: the one channel that their dose is told in; channels are never mixed.
-- Only sessions that may hold glute work are asked: those with sets and no glute set hold none.
with asked as (
  select *
  from gym_session
  where kind = 'strength' and not (n_sets > 0 and coalesce(glute_sets, 0) = 0)
),

known as (
  select
    athlete_id,
    avg((glute_load_kg is not null)::int) as load_share,
    avg((rpe_minutes is not null)::int) as rpe_share,
    median(glute_load_kg) as usual_load_kg,
    median(rpe_minutes) as usual_rpe_minutes
  from asked
  group by athlete_id
)

select
  k.athlete_id,
  case
    when k.load_share >= l.dose_channel_share then 'load'
    when k.rpe_share >= l.dose_channel_share then 'rpe_minutes'
    else 'sessions'
  end as channel,
  k.usual_load_kg,
  k.usual_rpe_minutes
from known as k
cross join limits as l
