-- grain: one run × 2-minute bin × metric: the mean of what is valid, and for how long.
-- unit: run; order: athlete_id, sensor_epoch, metric, run_id, bin_index
with binned as (
  select
    v.run_id,
    floor(v.moving_s / limits.bin_s)::int as bin_index,
    unnest([
      metric_mean('cadence_spm', v.cadence_spm, v.dt_s, v.covered_s),
      metric_mean('stance_time_ms', v.stance_time_ms, v.dt_s, v.covered_s),
      metric_mean('stance_time_balance_pct', v.stance_time_balance_pct, v.dt_s, v.covered_s),
      metric_mean('symmetry_index_pct', v.symmetry_index_pct, v.dt_s, v.covered_s),
      metric_mean('stance_time_left_ms', v.stance_time_left_ms, v.dt_s, v.covered_s),
      metric_mean('stance_time_right_ms', v.stance_time_right_ms, v.dt_s, v.covered_s),
      metric_mean('duty_factor_pct', v.duty_factor_pct, v.dt_s, v.covered_s),
      metric_mean('flight_time_ms', v.flight_time_ms, v.dt_s, v.covered_s),
      metric_mean('vertical_oscillation_mm', v.vertical_oscillation_mm, v.dt_s, v.covered_s),
      metric_mean('vertical_ratio_pct', v.vertical_ratio_pct, v.dt_s, v.covered_s),
      metric_mean('step_length_mm', v.step_length_mm, v.dt_s, v.covered_s),
      metric_mean('leg_stiffness_knpm', v.leg_stiffness_knpm, v.dt_s, v.covered_s),
      metric_mean('vertical_stiffness_knpm', v.vertical_stiffness_knpm, v.dt_s, v.covered_s),
      metric_mean('metres_per_beat', v.metres_per_beat, v.dt_s, v.covered_s)
    ], recursive := true)
  from sample_value as v
  cross join limits
  where v.is_clean and coalesce(abs(v.grade_pct) <= limits.hill_grade_pct, true)
  group by v.run_id, bin_index
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
order by r.athlete_id, r.sensor_epoch, b.metric, b.run_id, b.bin_index
