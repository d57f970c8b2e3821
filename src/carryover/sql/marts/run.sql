-- grain: one run; recordings of the same run are merged.
with drilled as (
  select run_id, sum(duration_s) as activation_s
  from activation_run
  group by run_id
),

faulty as (
  select run_id, sum(excluded_s) as heart_rate_fault_s
  from run_exclusion
  where applies_to = 'heart rate'
  group by run_id
),

first_drill as (
  select athlete_id, min(local_date) as local_date
  from gym_session
  where kind = 'activation'
  group by athlete_id
)

select
  c.run_id::varchar as run_id, -- stable key: athlete and the second it began, by its timekeeper
  c.athlete_id::varchar as athlete_id, -- whose run
  c.started_at::timestamptz as started_at, -- start, UTC instant
  c.local_date::date as local_date, -- the runner's own date at the start
  c.name::varchar as name, -- by Strava's list, else what the watch called it
  c.recorded_name::varchar as recorded_name, -- what the watch or app called it
  c.gear::varchar as gear, -- shoes, by Strava's list
  c.sub_sport::varchar as sub_sport, -- the vendor's word (trail, treadmill …)
  c.moving_s::double as moving_s, -- time moving with the timer on, s
  c.elapsed_s::double as elapsed_s, -- first record to last, s
  c.distance_m::double as distance_m, -- distance, m
  c.ascent_m::double as ascent_m, -- metres climbed, m
  c.avg_speed_mps::double as avg_speed_mps, -- distance over moving time, m/s
  c.avg_heart_rate_bpm::double as avg_heart_rate_bpm, -- time-weighted mean, bpm
  c.temperature_c::double as temperature_c, -- mean of the watch's own sensor, °C
  k.kind::varchar as kind, -- easy, workout, long, race or treadmill; hilly or track where none of these fits
  k.kind_by::varchar as kind_by, -- who says so: person, file or data
  k.kind_reason::varchar as kind_reason, -- why, in words
  k.is_hilly::boolean as is_hilly, -- climbs much, on slopes; null where no altitude is known
  k.is_track::boolean as is_track, -- laps of a track; null where neither place nor file tells
  k.track_direction::varchar as track_direction, -- anticlockwise, clockwise or both; null off a track and where no place is known
  c.n_sources::int as n_sources, -- recordings merged into it
  c.sensor_epoch::varchar as sensor_epoch, -- watch, and strap or pod, of its samples
  c.timeline_id::varchar as timeline_activity_id, -- recording whose instants are the run's
  c.dynamics_id::varchar as dynamics_activity_id, -- recording that gives contact, balance, oscillation
  c.heart_rate_id::varchar as heart_rate_activity_id, -- recording that gives the heart rate
  c.position_id::varchar as position_activity_id, -- recording that gives the places
  (c.moving_s / 60 * coalesce(pow(c.avg_speed_mps / s.reference_speed_mps, 2), 1))::double
    as load, -- training load: moving minutes × (speed / usual speed)²
  case
    when d.run_id is not null then d.activation_s
    when c.local_date >= f.local_date then 0
  end::double as activation_s, -- activation drills just before, s; null before drills were ever logged
  case when c.heart_rate_id is not null then coalesce(x.heart_rate_fault_s, 0) end::double
    as heart_rate_fault_s -- time with a faulty heart rate (run_exclusion tells which), s; null without heart rate
from run_base as c
left join run_kind as k using (run_id)
left join reference_speed as s using (athlete_id)
left join drilled as d using (run_id)
left join first_drill as f using (athlete_id)
left join faulty as x on x.run_id = c.run_id
order by c.athlete_id, c.started_at, c.run_id
