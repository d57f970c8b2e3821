-- grain: one run × metric: time-weighted mean over all valid running seconds, and coverage.
-- unit: run; order: run_id, metric
with averaged as (
  select
    run_id,
    sum(exact(dt_s)) as running_s,
    unnest([
      metric_mean('cadence_spm', cadence_spm, dt_s, dt_s),
      metric_mean('stance_time_ms', stance_time_ms, dt_s, dt_s),
      metric_mean('stance_time_balance_pct', stance_time_balance_pct, dt_s, dt_s),
      metric_mean('symmetry_index_pct', symmetry_index_pct, dt_s, dt_s),
      metric_mean('stance_time_left_ms', stance_time_left_ms, dt_s, dt_s),
      metric_mean('stance_time_right_ms', stance_time_right_ms, dt_s, dt_s),
      metric_mean('duty_factor_pct', duty_factor_pct, dt_s, dt_s),
      metric_mean('flight_time_ms', flight_time_ms, dt_s, dt_s),
      metric_mean('vertical_oscillation_mm', vertical_oscillation_mm, dt_s, dt_s),
      metric_mean('vertical_ratio_pct', vertical_ratio_pct, dt_s, dt_s),
      metric_mean('step_length_mm', step_length_mm, dt_s, dt_s),
      metric_mean('leg_stiffness_knpm', leg_stiffness_knpm, dt_s, dt_s),
      metric_mean('vertical_stiffness_knpm', vertical_stiffness_knpm, dt_s, dt_s),
      metric_mean('metres_per_beat', metres_per_beat, dt_s, dt_s)
    ], recursive := true)
  from sample_value
  group by run_id
)

select run_id, metric, value, valid_s, 100 * valid_s / nullif(running_s, 0) as coverage_pct
from averaged
