-- grain: one run × metric: time-weighted mean over all valid running seconds, and coverage.
with valued as (
  select
    run_id,
    dt_s,
    unnest([
      {'metric': 'cadence_spm', 'value': cadence_spm},
      {'metric': 'stance_time_ms', 'value': stance_time_ms},
      {'metric': 'stance_time_balance_pct', 'value': stance_time_balance_pct},
      {'metric': 'symmetry_index_pct', 'value': symmetry_index_pct},
      {'metric': 'stance_time_left_ms', 'value': stance_time_left_ms},
      {'metric': 'stance_time_right_ms', 'value': stance_time_right_ms},
      {'metric': 'duty_factor_pct', 'value': duty_factor_pct},
      {'metric': 'flight_time_ms', 'value': flight_time_ms},
      {'metric': 'vertical_oscillation_mm', 'value': vertical_oscillation_mm},
      {'metric': 'vertical_ratio_pct', 'value': vertical_ratio_pct},
      {'metric': 'step_length_mm', 'value': step_length_mm},
      {'metric': 'leg_stiffness_knpm', 'value': leg_stiffness_knpm},
      {'metric': 'vertical_stiffness_knpm', 'value': vertical_stiffness_knpm},
      {'metric': 'metres_per_beat', 'value': metres_per_beat}
    ], recursive := true)
  from sample_value
)

select
  run_id,
  metric,
  time_mean(value, dt_s) as value,
  coalesce(sum(dt_s) filter (where value is not null), 0) as valid_s,
  100 * coalesce(sum(dt_s) filter (where value is not null), 0) / nullif(sum(dt_s), 0)
    as coverage_pct
from valued
group by run_id, metric
