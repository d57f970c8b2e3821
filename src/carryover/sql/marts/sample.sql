-- grain: one run × instant of its timeline; values as recorded, in our units (sources: run_channel).
-- unit: run; order: run_id, elapsed_s
with placed as (
  select s.*, is_place_hidden(p.positions, p.discs, s.latitude_deg, s.longitude_deg) as place_hidden
  from sample_gait as s
  cross join privacy as p
)

select
  g.run_id::varchar as run_id, -- the run
  g.recorded_at::timestamptz as recorded_at, -- UTC instant
  g.elapsed_s::double as elapsed_s, -- since the first record, s
  g.moving_s::double as moving_s, -- moving time so far, s
  g.dt_s::double as dt_s, -- time this instant stands for, at most 5 s, 0 across a pause
  g.distance_m::double as distance_m, -- distance so far, m
  g.speed_mps::double as speed_mps, -- speed, m/s
  round(g.altitude_m, 2)::double as altitude_m, -- height above sea level, to 2 decimals, m
  round(g.grade_pct, 2)::double as grade_pct, -- slope of the ground over 30 s, to 2 decimals, %
  g.heart_rate_bpm::double as heart_rate_bpm, -- heart rate, bpm
  g.cadence_spm::double as cadence_spm, -- steps a minute, both feet
  g.stance_time_ms::double as stance_time_ms, -- ground contact time, ms
  g.stance_time_balance_pct::double as stance_time_balance_pct, -- share of contact on the left, %
  g.stance_time_percent::double as stance_time_percent, -- duty factor as the watch tells it, %
  g.stance_time_left_ms::double as stance_time_left_ms, -- left contact, of pods that measure sides, ms
  g.stance_time_right_ms::double as stance_time_right_ms, -- right contact, of pods that measure sides, ms
  g.vertical_oscillation_mm::double as vertical_oscillation_mm, -- up and down of the body, mm
  g.vertical_ratio_pct::double as vertical_ratio_pct, -- oscillation over step length, %
  g.step_length_mm::double as step_length_mm, -- step length as the watch tells it, mm
  g.power_w::double as power_w, -- power as told, W
  g.leg_spring_stiffness_knpm::double as leg_spring_stiffness_knpm, -- as a pod tells it, kN/m
  case when not g.place_hidden then round(g.latitude_deg, 7) end::double as latitude_deg, -- °, WGS 84, to 7 decimals (1 cm); null in a privacy zone
  case when not g.place_hidden then round(g.longitude_deg, 7) end::double as longitude_deg, -- °, WGS 84, to 7 decimals (1 cm); null in a privacy zone
  g.place_hidden::boolean as place_hidden, -- a position is known and [privacy] hides it
  g.is_running::boolean as is_running, -- neither walking, standing nor paused
  (g.exclusion_key is null)::boolean as is_steady, -- running that baselines may rest on
  coalesce(e.reason, g.exclusion_key)::varchar as excluded_by, -- why it is not steady (table exclusion); null where it is
  coalesce(h.reason, f.fault_key)::varchar as heart_rate_fault, -- what is wrong with its heart rate (table exclusion); null where nothing is
  g.covered_s::double as covered_s -- time it counts for in minutes: to the next instant, at most two usual steps of its recording, s
from placed as g
cross join limits
left join exclusion_data as e on e.exclusion_key = g.exclusion_key
left join heart_rate_fault as f
  on f.run_id = g.run_id and g.heart_rate_bpm is not null
  and f.part = floor(g.elapsed_s / limits.heart_rate_part_s)::int
left join exclusion_data as h on h.exclusion_key = f.fault_key
order by g.run_id, g.recorded_at
