-- grain: one run × metric: mean of level, steady bins at the athlete's reference speed.
select
  b.run_id,
  b.metric,
  time_mean(
    b.value
    - f.speed_slope * (b.speed_mps - s.reference_speed_mps)
    - f.up_slope * greatest(coalesce(b.grade_pct, 0), 0)
    - f.down_slope * greatest(-coalesce(b.grade_pct, 0), 0),
    b.valid_s
  ) as value_adj,
  sum(b.valid_s) as valid_s
from bin_metric as b
join baseline as f using (athlete_id, sensor_epoch, metric)
join reference_speed as s using (athlete_id)
where b.is_baseline and f.usable and b.value is not null
group by b.run_id, b.metric
