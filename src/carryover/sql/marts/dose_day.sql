-- grain: one athlete × local date, unbroken from the first run or session to the last.
-- A day without sessions is 0; a day with one that does not tell is null.
with held as (
  select
    s.session_id,
    s.athlete_id,
    s.local_date,
    s.kind,
    s.dose,
    s.duration_s,
    s.glute_sets,
    s.tonnage_kg,
    max(d.dose) filter (where d.exposure = 'activation') as activation_dose,
    max(d.dose) filter (where d.exposure = 'hill_strides') as stride_dose,
    max(d.dose) filter (where d.exposure = 'upper_body') as upper_body_dose,
    max(d.dose) filter (where d.exposure = 'left') as left_dose,
    max(d.dose) filter (where d.exposure = 'right') as right_dose
  from strength_session as s
  left join session_dose as d using (session_id)
  group by all
),

day as (
  select
    athlete_id,
    local_date,
    day_sum(dose, kind = 'strength') as dose,
    day_sum(activation_dose, kind = 'activation') as activation_dose,
    day_sum(stride_dose, kind = 'hill_strides' or stride_dose > 0) as stride_dose,
    day_sum(upper_body_dose, kind = 'strength') as upper_body_dose,
    day_sum(left_dose, kind = 'strength') as left_dose,
    day_sum(right_dose, kind = 'strength') as right_dose,
    day_sum(duration_s, kind = 'activation') as activation_s,
    coalesce(sum(glute_sets) filter (where kind = 'strength'), 0) as hard_sets,
    coalesce(sum(tonnage_kg) filter (where kind = 'strength'), 0) as tonnage_kg
  from held
  group by all
),

calendar as (
  select e.*, d.* exclude (athlete_id, local_date), d.local_date is null as is_free
  from dose_estimate as e
  left join day as d using (athlete_id, local_date)
)

select
  c.athlete_id::varchar as athlete_id, -- whose
  c.local_date::date as local_date, -- date
  if(c.is_free, 0, c.dose)::double as dose, -- glute strength work; 1 is the athlete's median session
  if(c.is_free, 0, c.activation_dose)::double as activation_dose, -- drills; 1 is their median session
  if(c.is_free, 0, c.stride_dose)::double as stride_dose, -- hill strides; 1 is the median session's number
  if(c.is_free, 0, c.upper_body_dose)::double as upper_body_dose, -- upper-body work, the control; 1 is their median session
  if(c.is_free, 0, c.left_dose)::double as left_dose, -- glute work of the left side alone, in median strength sessions
  if(c.is_free, 0, c.right_dose)::double as right_dose, -- glute work of the right side alone, in median strength sessions
  if(c.is_free, 0, c.activation_s)::double as activation_s, -- activation drills, s
  if(c.is_free, 0, c.hard_sets)::int as hard_sets, -- working sets of strength sessions that load the glutes
  if(c.is_free, 0, c.tonnage_kg)::double as tonnage_kg, -- repetitions × weight of their glute sets, kg
  c.chronic_14::double as chronic_14, -- dose of the past, fading over 14 days; 1 is two sessions a week
  c.chronic_28::double as chronic_28, -- dose of the past, fading over 28 days; 1 is two sessions a week
  c.chronic_42::double as chronic_42, -- dose of the past, fading over 42 days; 1 is two sessions a week
  c.acute_48::double as acute_48, -- dose in the 48 hours before the end of the day
  c.activation_28::double as activation_28, -- the same of drills over 28 days; null where none are told
  c.strides_28::double as strides_28, -- the same of hill strides; null where none are told
  c.left_28::double as left_28, -- the same of the left side alone; null where no side is told
  c.right_28::double as right_28 -- the same of the right side alone; null where no side is told
from calendar as c
order by all
