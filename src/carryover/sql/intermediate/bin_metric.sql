-- grain: one run × 2-minute bin × metric: the mean of what is valid, and for how long.
with valued as (
  select
    v.run_id,
    floor(v.moving_s / limits.bin_s)::int as bin_index,
    v.dt_s,
    v.covered_s,
    unnest([
      {'metric': 'cadence_spm', 'value': v.cadence_spm},
      {'metric': 'stance_time_ms', 'value': v.stance_time_ms},
      {'metric': 'stance_time_balance_pct', 'value': v.stance_time_balance_pct},
      {'metric': 'symmetry_index_pct', 'value': v.symmetry_index_pct},
      {'metric': 'stance_time_left_ms', 'value': v.stance_time_left_ms},
      {'metric': 'stance_time_right_ms', 'value': v.stance_time_right_ms},
      {'metric': 'duty_factor_pct', 'value': v.duty_factor_pct},
      {'metric': 'flight_time_ms', 'value': v.flight_time_ms},
      {'metric': 'vertical_oscillation_mm', 'value': v.vertical_oscillation_mm},
      {'metric': 'vertical_ratio_pct', 'value': v.vertical_ratio_pct},
      {'metric': 'step_length_mm', 'value': v.step_length_mm},
      {'metric': 'leg_stiffness_knpm', 'value': v.leg_stiffness_knpm},
      {'metric': 'vertical_stiffness_knpm', 'value': v.vertical_stiffness_knpm},
      {'metric': 'metres_per_beat', 'value': v.metres_per_beat}
    ], recursive := true)
  from sample_value as v
  cross join limits
  where v.is_clean and coalesce(abs(v.grade_pct) <= limits.hill_grade_pct, true)
),

binned as (
  select
    run_id,
    bin_index,
    metric,
    time_mean(value, dt_s) as value,
    coalesce(sum(covered_s) filter (where value is not null), 0) as valid_s
  from valued
  group by all
)

select
  r.athlete_id,
  r.sensor_epoch,
  b.run_id,
  b.bin_index,
  w.mid_moving_s,
  b.metric,
  case when b.valid_s >= limits.bin_value_min_s then b.value end as value,
  b.valid_s,
  w.running_s,
  w.speed_mps,
  w.speed_sd_mps,
  w.grade_pct,
  max(b.value) filter (where b.metric = 'cadence_spm') over (partition by b.run_id, b.bin_index)
    as cadence_spm,
  w.is_baseline
from binned as b
join run_bin as w using (run_id, bin_index)
join run_recording as r using (run_id)
cross join limits
where b.valid_s > 0
