-- grain: one hill stride recognised in a run that holds a set of them.
-- unit: run; order: run_id, stride_index
select
  s.run_id::varchar as run_id, -- the run
  row_number() over (partition by s.run_id order by s.from_s)::int as stride_index, -- from 1
  s.from_s::double as started_elapsed_s, -- since the run's first record, s
  s.duration_s::double as duration_s, -- s
  s.climb_m::double as climb_m, -- metres climbed
  s.grade_pct::double as grade_pct, -- slope of the ground, %
  s.speed_mps::double as speed_mps, -- speed over the ground, m/s
  s.flat_speed_mps::double as flat_speed_mps -- speed on the flat of equal cost (Minetti 2002), m/s
from uphill_stretch as s
where exists (
  select 1 from stride_set as t where t.run_id = s.run_id and list_contains(t.starts, s.from_s)
)
order by s.run_id, s.from_s
