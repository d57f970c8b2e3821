-- grain: one working set of a known exercise in a strength session, with what it tells of strength.
-- A one-sided set without its side may count both legs together, as watches do: then its repetitions
-- tell no maximum and are held against nothing.
with told as (
  select
    g.athlete_id,
    g.local_date,
    s.exercise_id,
    e.unilateral as is_one_sided,
    case when s.side in ('left', 'right') then s.side end as side,
    s.reps,
    case when s.weight_kg > 0 then s.weight_kg end as weight_kg,
    s.duration_s,
    not e.unilateral or coalesce(s.side in ('left', 'right'), false) as is_clear
  from set_work as s
  join strength_session as g on g.session_id = s.visit_id and g.kind = 'strength'
  join exercise as e on e.exercise_id = s.exercise_id
  where not coalesce(s.is_warmup, false)
)

select
  t.*,
  coalesce(t.reps, t.duration_s / l.hold_s_per_rep) * t.weight_kg as tonnage_kg,
  case when t.is_clear and t.reps between 1 and l.one_rep_max_reps
    then t.weight_kg * (1 + t.reps / l.epley_reps) end as one_rep_max_kg,
  case when t.is_clear and t.weight_kg is null then t.reps end as free_reps,
  case when t.weight_kg is null and t.reps is null then t.duration_s end as hold_s
from told as t
cross join limits as l
