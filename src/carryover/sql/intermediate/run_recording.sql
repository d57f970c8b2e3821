-- grain: one run with the recording that its samples come from: the one with running dynamics,
-- then a watch's own file before an exported track, then the fullest.
select
  m.run_id,
  r.activity_id,
  r.content_id,
  r.athlete_id,
  r.sensor_epoch,
  count(*) over (partition by m.run_id) as n_sources
from run_match as m
join recording as r using (activity_id)
qualify row_number() over (
  partition by m.run_id
  order by
    r.dynamics_source <> 'none' desc, r.serial is not null desc, r.n_records desc, r.activity_id
) = 1
