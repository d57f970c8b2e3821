-- grain: one run; recordings of the same run are merged.
with compared as (
  select
    b.*,
    median(b.moving_s) over (partition by b.athlete_id) as usual_s,
    percent_rank() over (partition by b.athlete_id order by b.avg_speed_mps nulls first) as speed_rank,
    count(*) over (partition by b.athlete_id) as n_runs,
    (
      select min(abs(b.distance_m - d) / d) from unnest([5000, 10000, 21097.5, 42195]) as t (d)
    ) as off_standard
  from run_base as b
),

drilled as (
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
  case
    when c.sub_sport in ('treadmill', 'indoor_running', 'virtual_activity') then 'treadmill'
    when c.n_runs >= l.race_min_runs and c.speed_rank >= l.race_percentile
      and c.off_standard <= l.race_tolerance then 'race'
    when c.speed_spread > l.workout_spread then 'workout'
    when c.moving_s >= l.long_run_s
      or (c.moving_s >= l.long_run_min_s and c.moving_s >= l.long_run_ratio * c.usual_s)
      then 'long'
    else 'easy'
  end::varchar as kind, -- easy, workout, long, race or treadmill
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
from compared as c
left join reference_speed as s using (athlete_id)
left join drilled as d using (run_id)
left join first_drill as f using (athlete_id)
left join faulty as x on x.run_id = c.run_id
cross join limits as l
order by c.athlete_id, c.started_at, c.run_id
