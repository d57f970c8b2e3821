-- grain: one athlete × local date, unbroken from the first run or session to the last.
with day as (
  select
    athlete_id,
    local_date,
    sum(dose) filter (where kind = 'strength') as dose,
    sum(duration_s) filter (where kind = 'activation') as activation_s,
    sum(glute_sets) filter (where kind = 'strength') as hard_sets,
    sum(tonnage_kg) filter (where kind = 'strength') as tonnage_kg
  from strength_session
  group by all
)

select
  e.athlete_id::varchar as athlete_id, -- whose
  e.local_date::date as local_date, -- date
  coalesce(d.dose, 0)::double as dose, -- glute strength work; 1 is the athlete's median session
  coalesce(d.activation_s, 0)::double as activation_s, -- activation drills, s
  coalesce(d.hard_sets, 0)::int as hard_sets, -- working sets of strength sessions that load the glutes
  coalesce(d.tonnage_kg, 0)::double as tonnage_kg, -- repetitions × weight of their glute sets, kg
  e.chronic_28::double as chronic_28, -- dose of the past, fading over 28 days; 1 is two sessions a week
  e.acute_48::double as acute_48 -- dose in the 48 hours before the end of the day
from dose_estimate as e
left join day as d using (athlete_id, local_date)
order by all
