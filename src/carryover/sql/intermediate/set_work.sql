-- grain: one set of a session; strides recognised in a run stand for what a log tells of them.
select g.*
from gym_set as g
anti join hill_session as h on h.log_id = g.visit_id

union all by name

select
  h.visit_id,
  s.stride_index - 1 as set_index,
  'hill_strides' as exercise_id,
  s.duration_s
from hill_stride as s
join hill_session as h using (run_id)
