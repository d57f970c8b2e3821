-- grain: one exercise of the catalogue.
select
  e.exercise_id::varchar as exercise_id, -- key
  e.name::varchar as name, -- as a person says it
  e.glute_max::double as glute_max, -- share of the work by gluteus maximus, 0–1
  e.glute_med::double as glute_med, -- share by gluteus medius, 0–1
  e.glute_min::double as glute_min, -- share by gluteus minimus, 0–1
  e.pattern::varchar as pattern, -- hip or knee dominant
  e.unilateral::boolean as unilateral, -- one leg at a time
  e.region::varchar as region, -- lower, upper, trunk, whole or none
  e.bodyweight_share::double as bodyweight_share, -- share of body mass that it moves, 0–1
  e.source::varchar as source -- where the shares come from
from exercise_data as e
order by 1
