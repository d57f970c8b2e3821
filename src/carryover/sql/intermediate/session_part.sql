-- grain: one gym visit that tells sets: its upper-body work and its one-sided glute work.
-- A set of both sides counts half for each. A one-sided exercise without a side is work of a side
-- that is not told, and an exercise that nobody knows may be any of these.
with told as (
  select
    s.visit_id,
    s.exercise_id is null and s.matched_by is distinct from 'override' as is_unknown,
    not coalesce(s.is_warmup, false) and s.glute_share > 0 as is_glute,
    not coalesce(s.is_warmup, false) and s.glute_share = 0 and s.region = 'upper' as is_upper,
    case s.side when 'left' then 1 when 'right' then 0 when 'both' then 0.5 end::double as left_share,
    s.unilateral or coalesce(s.side in ('left', 'right'), false) as is_sided,
    s.glute_share,
    moved_kg(
      s.reps, s.duration_s, l.hold_s_per_rep, s.weight_kg, s.bodyweight_share,
      coalesce(p.mass_kg, l.bodyweight_kg)
    ) as load_kg
  from gym_set as s
  join gym_session as g using (visit_id)
  left join person as p using (athlete_id)
  cross join limits as l
)

select
  visit_id,
  count(*) filter (where is_unknown) as unknown_sets,
  count(*) filter (where is_upper) as upper_sets,
  sum(load_kg) filter (where is_upper) as upper_load_kg,
  count(*) filter (where is_glute and is_sided and left_share is not null) as sided_sets,
  count(*) filter (where is_glute and is_sided and left_share is null) as untold_sets,
  sum(left_share) filter (where is_glute and is_sided) as left_sets,
  sum(1 - left_share) filter (where is_glute and is_sided) as right_sets,
  sum(left_share * glute_share * load_kg)
    filter (where is_glute and is_sided and left_share > 0) as left_load_kg,
  sum((1 - left_share) * glute_share * load_kg)
    filter (where is_glute and is_sided and left_share < 1) as right_load_kg
from told
group by visit_id
