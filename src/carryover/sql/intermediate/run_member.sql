-- grain: one recording of a run of several, with what decides which channels it gives.
-- A strap for the heart is one that the recording names beside the watch's own sensor.
with strapped as (
  select distinct content_id, activity_id
  from store.device
  where device_type in ('heart_rate', '120') and serial is not null
),

counted as (
  select m.*, count(*) over (partition by m.run_id) as n_sources
  from run_match as m
)

select
  c.run_id,
  c.clock_shift_s,
  c.n_sources,
  r.* exclude (clock_rank),
  -- Within the run: who else ran, and when, is nothing to it.
  row_number() over (partition by c.run_id order by r.clock_rank) as clock_rank,
  s.activity_id is not null as has_strap,
  lower(concat_ws(' ', r.manufacturer, r.device, r.serial, r.dynamics_source)) as named
from counted as c
join running as r using (activity_id)
left join strapped as s using (content_id, activity_id)
