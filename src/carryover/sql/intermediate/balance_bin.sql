-- grain: one run × 2-minute bin with a valid contact balance.
-- unit: run; order: run_id, bin_index
select
  b.athlete_id, b.sensor_epoch, b.run_id, b.bin_index, b.mid_moving_s, b.value, b.valid_s,
  b.speed_mps, b.grade_pct, b.is_baseline,
  r.moving_s
from bin_metric as b
join run_base as r using (run_id)
where b.metric = 'stance_time_balance_pct' and b.value is not null
