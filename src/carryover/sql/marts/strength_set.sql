-- grain: one set of a session, rest sets left out; a hill stride is a set.
select
  s.visit_id::varchar as session_id, -- the session
  s.set_index::int as set_index, -- from 0
  s.exercise_id::varchar as exercise_id, -- key of the catalogue; null where it has none
  s.exercise_raw::varchar as exercise_raw, -- as the source calls it
  s.side::varchar as side, -- left, right, both; null where not told
  s.reps::double as reps, -- repetitions
  s.weight_kg::double as weight_kg, -- kg; null where not told
  s.duration_s::double as duration_s, -- s
  s.is_warmup::boolean as is_warmup, -- warm-up set
  s.rpe::double as rpe, -- perceived exertion 1–10
  s.matched_by::varchar as matched_by -- how the exercise was found: fit, name, fuzzy, override; null where not
from set_work as s
order by 1, 2
