-- grain: one athlete × date with glute work: all of it, and what of it is hip-dominant and one-sided.
select
  athlete_id,
  local_date,
  bool_or(is_load) as is_load,
  count(work) as n_sets,
  sum(work) as work,
  coalesce(sum(work) filter (where pattern = 'hip'), 0) as hip_work,
  coalesce(sum(work) filter (where pattern = 'knee'), 0) as knee_work,
  coalesce(sum(work) filter (where is_one_sided), 0) as one_sided_work
from glute_set
group by athlete_id, local_date
