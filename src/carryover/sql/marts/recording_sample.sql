-- grain: one instant of one recording of a run of several, as that recording tells it.
-- unit: run; order: run_id, activity_id, recorded_at
-- Runs of a single recording have the same instants in sample.
with placed as (
  select
    m.run_id,
    s.*,
    is_place_hidden(p.positions, p.discs, s.latitude_deg, s.longitude_deg) as place_hidden
  from store.sample as s
  join run_member as m using (content_id, activity_id)
  cross join privacy as p
  where m.n_sources > 1
)

select
  s.run_id::varchar as run_id, -- the run
  s.activity_id::varchar as activity_id, -- the recording
  s.recorded_at::timestamptz as recorded_at, -- by its own clock, UTC instant
  s.elapsed_s::double as elapsed_s, -- since its first record, s
  s.dt_s::double as dt_s, -- time this instant stands for, at most 5 s, 0 across a pause
  s.distance_m::double as distance_m, -- m
  s.speed_mps::double as speed_mps, -- m/s
  round(s.altitude_m, 2)::double as altitude_m, -- to 2 decimals, m
  s.heart_rate_bpm::double as heart_rate_bpm, -- bpm
  s.cadence_spm::double as cadence_spm, -- steps a minute, both feet
  s.stance_time_ms::double as stance_time_ms, -- ground contact time, ms
  s.stance_time_balance_pct::double as stance_time_balance_pct, -- share of contact on the left, %
  s.stance_time_percent::double as stance_time_percent, -- duty factor as told, %
  s.stance_time_left_ms::double as stance_time_left_ms, -- left contact, ms
  s.stance_time_right_ms::double as stance_time_right_ms, -- right contact, ms
  s.vertical_oscillation_mm::double as vertical_oscillation_mm, -- mm
  s.vertical_ratio_pct::double as vertical_ratio_pct, -- %
  s.step_length_mm::double as step_length_mm, -- mm
  s.power_w::double as power_w, -- W
  s.leg_spring_stiffness_knpm::double as leg_spring_stiffness_knpm, -- kN/m
  s.temperature_c::double as temperature_c, -- °C
  case when not s.place_hidden then round(s.latitude_deg, 7) end::double as latitude_deg, -- °, WGS 84, to 7 decimals (1 cm); null in a privacy zone
  case when not s.place_hidden then round(s.longitude_deg, 7) end::double as longitude_deg, -- °, WGS 84, to 7 decimals (1 cm); null in a privacy zone
  s.place_hidden::boolean as place_hidden -- a position is known and [privacy] hides it
from placed as s
order by s.run_id, s.activity_id, s.recorded_at
