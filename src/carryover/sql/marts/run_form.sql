-- grain: one run: form over all its running seconds, and at reference speed on the level.
select
  b.run_id::varchar as run_id, -- the run
  b.athlete_id::varchar as athlete_id, -- whose run
  b.local_date::date as local_date, -- the runner's own date at the start
  max(m.value) filter (where m.metric = 'cadence_spm')::double as cadence_spm, -- cadence, spm
  max(a.value_adj) filter (where m.metric = 'cadence_spm')::double as cadence_spm_adj, -- at reference speed, level, spm
  max(m.coverage_pct) filter (where m.metric = 'cadence_spm')::double as cadence_spm_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'stance_time_ms')::double as stance_time_ms, -- ground contact time, ms
  max(a.value_adj) filter (where m.metric = 'stance_time_ms')::double as stance_time_ms_adj, -- at reference speed, level, ms
  max(m.coverage_pct) filter (where m.metric = 'stance_time_ms')::double as stance_time_ms_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'stance_time_balance_pct')::double as stance_time_balance_pct, -- contact balance, % left
  max(a.value_adj) filter (where m.metric = 'stance_time_balance_pct')::double as stance_time_balance_pct_adj, -- at reference speed, level, % left
  max(m.coverage_pct) filter (where m.metric = 'stance_time_balance_pct')::double as stance_time_balance_pct_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'symmetry_index_pct')::double as symmetry_index_pct, -- symmetry index, %
  max(a.value_adj) filter (where m.metric = 'symmetry_index_pct')::double as symmetry_index_pct_adj, -- at reference speed, level, %
  max(m.coverage_pct) filter (where m.metric = 'symmetry_index_pct')::double as symmetry_index_pct_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'stance_time_left_ms')::double as stance_time_left_ms, -- left contact time, ms; null where no sensor tells left from right
  max(a.value_adj) filter (where m.metric = 'stance_time_left_ms')::double as stance_time_left_ms_adj, -- at reference speed, level, ms
  max(m.coverage_pct) filter (where m.metric = 'stance_time_left_ms')::double as stance_time_left_ms_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'stance_time_right_ms')::double as stance_time_right_ms, -- right contact time, ms; null where no sensor tells left from right
  max(a.value_adj) filter (where m.metric = 'stance_time_right_ms')::double as stance_time_right_ms_adj, -- at reference speed, level, ms
  max(m.coverage_pct) filter (where m.metric = 'stance_time_right_ms')::double as stance_time_right_ms_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'duty_factor_pct')::double as duty_factor_pct, -- duty factor, %
  max(a.value_adj) filter (where m.metric = 'duty_factor_pct')::double as duty_factor_pct_adj, -- at reference speed, level, %
  max(m.coverage_pct) filter (where m.metric = 'duty_factor_pct')::double as duty_factor_pct_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'flight_time_ms')::double as flight_time_ms, -- flight time, ms
  max(a.value_adj) filter (where m.metric = 'flight_time_ms')::double as flight_time_ms_adj, -- at reference speed, level, ms
  max(m.coverage_pct) filter (where m.metric = 'flight_time_ms')::double as flight_time_ms_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'vertical_oscillation_mm')::double as vertical_oscillation_mm, -- vertical oscillation, mm
  max(a.value_adj) filter (where m.metric = 'vertical_oscillation_mm')::double as vertical_oscillation_mm_adj, -- at reference speed, level, mm
  max(m.coverage_pct) filter (where m.metric = 'vertical_oscillation_mm')::double as vertical_oscillation_mm_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'vertical_ratio_pct')::double as vertical_ratio_pct, -- vertical ratio, %
  max(a.value_adj) filter (where m.metric = 'vertical_ratio_pct')::double as vertical_ratio_pct_adj, -- at reference speed, level, %
  max(m.coverage_pct) filter (where m.metric = 'vertical_ratio_pct')::double as vertical_ratio_pct_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'step_length_mm')::double as step_length_mm, -- step length, mm
  max(a.value_adj) filter (where m.metric = 'step_length_mm')::double as step_length_mm_adj, -- at reference speed, level, mm
  max(m.coverage_pct) filter (where m.metric = 'step_length_mm')::double as step_length_mm_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'leg_stiffness_knpm')::double as leg_stiffness_knpm, -- leg stiffness on the level, kN/m; null where mass or height is not configured
  max(a.value_adj) filter (where m.metric = 'leg_stiffness_knpm')::double as leg_stiffness_knpm_adj, -- at reference speed, level, kN/m
  max(m.coverage_pct) filter (where m.metric = 'leg_stiffness_knpm')::double as leg_stiffness_knpm_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'vertical_stiffness_knpm')::double as vertical_stiffness_knpm, -- vertical stiffness on the level, kN/m; null where mass is not configured
  max(a.value_adj) filter (where m.metric = 'vertical_stiffness_knpm')::double as vertical_stiffness_knpm_adj, -- at reference speed, level, kN/m
  max(m.coverage_pct) filter (where m.metric = 'vertical_stiffness_knpm')::double as vertical_stiffness_knpm_coverage_pct, -- valid running seconds over running seconds, %
  max(d.hr_decoupling_ratio)::double as hr_decoupling_ratio, -- beats a metre late in the run over beats a metre early; 1 is no drift, ratio
  max(d.hr_decoupling_ratio)::double as hr_decoupling_ratio_adj, -- the same: a ratio of a run to itself has no speed to adjust to, ratio
  case when max(d.hr_decoupling_ratio) is not null then max(h.coverage_pct) end::double as hr_decoupling_ratio_coverage_pct, -- valid running seconds over running seconds, %
  max(m.value) filter (where m.metric = 'metres_per_beat')::double as metres_per_beat, -- metres a heartbeat, m
  max(a.value_adj) filter (where m.metric = 'metres_per_beat')::double as metres_per_beat_adj, -- at reference speed, level, m
  max(m.coverage_pct) filter (where m.metric = 'metres_per_beat')::double as metres_per_beat_coverage_pct, -- valid running seconds over running seconds, %
  (
    max(a.value_adj) filter (where m.metric = 'metres_per_beat')
    - max(t.slope_per_c * (b.temperature_c - t.reference_temperature_c))
  )::double as metres_per_beat_temp_adj, -- at reference speed, level and the athlete's usual temperature, m; null where the run's temperature or its effect is not known
  max(b.temperature_c)::double as temperature_c -- what the run's watch felt on average, °C; null where unknown
from run_base as b
left join run_metric as m using (run_id)
left join run_metric_adj as a using (run_id, metric)
left join run_decoupling as d using (run_id)
left join temperature_fit as t
  on t.athlete_id = b.athlete_id and t.sensor_epoch = b.sensor_epoch and t.usable
left join run_metric as h on h.run_id = b.run_id and h.metric = 'metres_per_beat'
group by b.run_id, b.athlete_id, b.local_date
order by b.athlete_id, b.local_date, b.run_id
