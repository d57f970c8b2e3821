-- grain: one recording of a run, with what joined it to the others.
select
  m.run_id::varchar as run_id, -- the run
  m.activity_id::varchar as activity_id, -- the recording
  m.athlete_id::varchar as athlete_id, -- whose
  m.source_kind::varchar as source_kind, -- watch, pod, copy (an app's FIT) or track (GPX, TCX)
  concat_ws(' ', m.manufacturer, m.device, m.serial)::varchar as device, -- maker, product, serial number
  m.dynamics_source::varchar as dynamics_source, -- watch, strap or pod with its serial, app, none
  (m.activity_id = b.activity_id)::boolean as is_timeline, -- whether its instants are the run's
  m.clock_shift_s::double as clock_shift_s, -- what brings its clock to the run's, s
  k.matched_by::varchar as matched_by, -- time and distance, a clock off by whole hours, configuration; null for the timekeeper
  a.agreement::double as agreement, -- correlation with the recording it was matched to; null where not compared
  m.started_at::timestamptz as started_at, -- by its own clock, UTC instant
  m.moving_s::double as moving_s, -- s
  m.distance_m::double as distance_m, -- as it tells, m
  m.n_records::int as n_records -- instants recorded
from run_member as m
join run_recording as b using (run_id)
join run_match as k on k.activity_id = m.activity_id
left join (
  select activity_id, max(agreement) as agreement
  from (
    select one as activity_id, agreement from run_link
    union all
    select other, agreement from run_link
  )
  group by activity_id
) as a on a.activity_id = m.activity_id
order by m.run_id, m.clock_rank
