-- grain: one run: what strength work and drills came just before it.
with gym as (
  select athlete_id, started_at, dose
  from session_dose
  where exposure = 'strength' and dose > 0
),

before as (
  select
    r.run_id,
    (epoch(r.started_at) - epoch(max(g.started_at))) / 3600 as since_h,
    coalesce(
      sum(g.dose) filter (where g.started_at >= r.started_at - interval 48 hours), 0
    ) as dose_48h
  from run as r
  join gym as g on g.athlete_id = r.athlete_id and g.started_at < r.started_at
  group by r.run_id, r.started_at
),

drilled as (
  select distinct before_run_id as run_id
  from strength_session
  where before_run_id is not null
),

first_drill as (
  select athlete_id, min(local_date) as local_date
  from strength_session
  where kind = 'activation'
  group by athlete_id
)

select
  r.run_id::varchar as run_id, -- the run
  r.athlete_id::varchar as athlete_id, -- whose
  r.local_date::date as local_date, -- the runner's own date at the start
  b.since_h::double as hours_since_strength, -- hours from the last strength session's start; null before the first one
  b.dose_48h::double as strength_48h_dose, -- dose of the 48 hours before the start; null before the first session
  case
    when d.run_id is not null then true
    when r.local_date >= f.local_date then false
  end::boolean as has_activation -- drills prepared it; null before drills were ever logged
from run as r
left join before as b using (run_id)
left join drilled as d using (run_id)
left join first_drill as f using (athlete_id)
order by r.athlete_id, r.local_date, r.run_id
