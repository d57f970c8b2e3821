-- grain: one recording: a session of a file, of any sport.
select
  a.activity_id::varchar as activity_id, -- stable key: watch, serial and first record, else content
  a.athlete_id::varchar as athlete_id, -- whose
  m.run_id::varchar as run_id, -- the run it belongs to; null for other sports
  a.sport::varchar as sport, -- the vendor's word
  a.sub_sport::varchar as sub_sport, -- the vendor's word
  coalesce(case when c.kind = 'fit' then w.name end, a.name, w.name)::varchar
    as name, -- by Strava's list, else what the watch called it
  a.name::varchar as recorded_name, -- what the watch or app called it
  w.gear::varchar as gear, -- shoes or bicycle, by Strava's list
  a.started_at::timestamptz as started_at, -- UTC instant
  a.ended_at::timestamptz as ended_at, -- UTC instant
  a.local_date::date as local_date, -- the athlete's own date at the start
  a.tz::varchar as tz, -- zone of that date
  a.tz_source::varchar as tz_source, -- file, position or home
  a.utc_offset_s::double as utc_offset_s, -- how far that clock was ahead of UTC, s
  a.elapsed_s::double as elapsed_s, -- s
  a.moving_s::double as moving_s, -- s
  a.distance_m::double as distance_m, -- m
  a.ascent_m::double as ascent_m, -- m climbed
  a.avg_heart_rate_bpm::double as avg_heart_rate_bpm, -- bpm
  a.avg_temperature_c::double as avg_temperature_c, -- °C
  a.n_records::int as n_records, -- instants recorded
  a.manufacturer::varchar as manufacturer, -- maker of the watch or app
  a.device::varchar as device, -- product
  a.serial::varchar as serial, -- serial number
  a.firmware::varchar as firmware, -- software version
  a.dynamics_source::varchar as dynamics_source, -- watch, strap or pod with its serial, app, none
  a.sensor_epoch::varchar as sensor_epoch, -- watch, firmware family, and strap or pod
  a.session_stance_time_ms::double as session_stance_time_ms, -- the watch's own average, ms
  a.session_stance_time_balance_pct::double as session_stance_time_balance_pct, -- the watch's own, %
  a.session_vertical_oscillation_mm::double as session_vertical_oscillation_mm, -- the watch's own, mm
  a.session_vertical_ratio_pct::double as session_vertical_ratio_pct, -- the watch's own, %
  a.session_step_length_mm::double as session_step_length_mm, -- the watch's own, mm
  a.session_cadence_spm::double as session_cadence_spm, -- the watch's own, spm
  a.source_sha256::varchar as source_sha256 -- content it was read from
from recording as a
left join run_match as m using (activity_id)
left join placed_content as c on c.content_id = a.content_id
left join export_word as w on w.activity_id = a.activity_id
order by a.athlete_id, a.started_at, a.activity_id
