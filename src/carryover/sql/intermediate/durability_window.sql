-- grain: one run × early or late window: beats and metres of running with a faultless heart rate.
-- unit: run
-- Metres are those on the flat of equal cost where the grade is known. Steep ground stays out: downhill
-- the heart does not rest as the cost says, and on real trails that alone made ratios of 1.3 to 2.1.
with moment as (
  select
    v.run_id,
    v.dt_s,
    v.covered_s,
    v.heart_rate_bpm,
    flat_speed_mps(v.speed_mps, coalesce(v.grade_pct, 0)) as flat_speed_mps,
    v.heart_rate_bpm is not null and v.speed_mps is not null
    and coalesce(abs(v.grade_pct) <= l.hill_grade_pct, true) as is_valid,
    decay_window(
      v.moving_s, max(v.moving_s) over (partition by v.run_id),
      l.early_from_share, l.early_to_share, l.early_min_s, l.late_from_share, l.late_trim_s
    ) as part
  from sample_value as v
  cross join limits as l
)

select
  run_id,
  part,
  sum(exact(covered_s)) as running_s,
  coalesce(sum(exact(covered_s)) filter (where is_valid), 0) as valid_s,
  time_mean(case when is_valid then heart_rate_bpm end, dt_s) as heart_rate_bpm,
  time_mean(case when is_valid then flat_speed_mps end, dt_s) as flat_speed_mps,
  time_mean(case when is_valid then heart_rate_bpm end, dt_s) / 60
  / nullif(time_mean(case when is_valid then flat_speed_mps end, dt_s), 0) as beats_per_m
from moment
where part is not null
group by run_id, part
