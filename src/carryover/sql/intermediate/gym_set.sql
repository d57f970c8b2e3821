-- grain: one set of a visit, from the source that tells most: names, weights and repetitions.
-- A watch guesses a name for each set; who typed weights and repetitions tells more.
with told as (
  select
    v.visit_id,
    v.origin,
    s.*,
    e.glute_max,
    e.glute_med,
    e.glute_min,
    e.bodyweight_share,
    e.region,
    e.unilateral
  from gym_visit as v
  join store.strength_set as s using (content_id, session_id)
  left join exercise_data as e using (exercise_id)
),

richness as (
  select
    visit_id,
    session_id,
    list_position(['hevy', 'strong', 'log', 'fit'], any_value(origin)) as believed,
    count(exercise_id) + count(weight_kg) + count(reps) as n_told,
    count(*) as n_sets
  from told
  group by visit_id, session_id
),

best as (
  select visit_id, session_id
  from richness
  qualify row_number() over (
    partition by visit_id order by n_told desc, n_sets desc, believed, session_id
  ) = 1
)

select
  t.* exclude (origin, glute_max, glute_med, glute_min),
  (t.glute_max + t.glute_med + t.glute_min) / 3 as glute_share
from told as t
join best using (visit_id, session_id)
