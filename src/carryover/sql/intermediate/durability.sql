-- grain: one run: beats a metre late over beats a metre early, and why they may not compare.
-- unit: run; order: run_id
with run_time as (
  select
    run_id,
    max(moving_s) as moving_s,
    bool_or(heart_rate_bpm is not null) as has_heart_rate
  from sample_value
  group by run_id
),

side as (
  select
    t.*,
    coalesce(e.valid_s, 0) as early_valid_s,
    coalesce(n.valid_s, 0) as late_valid_s,
    least(e.valid_s / nullif(e.running_s, 0), n.valid_s / nullif(n.running_s, 0)) as valid_share,
    e.heart_rate_bpm as early_bpm,
    n.heart_rate_bpm as late_bpm,
    e.flat_speed_mps as early_mps,
    e.beats_per_m as early_beats_per_m,
    n.beats_per_m as late_beats_per_m,
    n.beats_per_m / nullif(e.beats_per_m, 0) as ratio,
    q.usual_mps - p.fastest_mps as faster_mps,
    p.slowest_mps - q.usual_mps as slower_mps,
    greatest(p.spread_mps, q.spread_mps) as spread_mps
  from run_time as t
  left join durability_window as e on e.run_id = t.run_id and e.part = 'early'
  left join durability_window as n on n.run_id = t.run_id and n.part = 'late'
  left join durability_pace as p on p.run_id = t.run_id and p.part = 'early'
  left join durability_pace as q on q.run_id = t.run_id and q.part = 'late'
)

select
  s.*,
  -- The late heart rate, brought to the early pace by its own beats a metre.
  60 * s.late_beats_per_m * s.early_mps - s.early_bpm as drift_bpm,
  case
    when not s.has_heart_rate then 'no heart rate'
    when s.moving_s < l.decay_min_moving_s
      then plain(floor(s.moving_s / 60)) || ' min moving; ' || plain(l.decay_min_moving_s / 60)
        || ' are needed'
    when s.early_valid_s < l.window_min_valid_s
      then plain(floor(s.early_valid_s / 60)) || ' valid min early in the run; '
        || plain(l.window_min_valid_s / 60) || ' are needed'
    when s.late_valid_s < l.window_min_valid_s
      then plain(floor(s.late_valid_s / 60)) || ' valid min late in the run; '
        || plain(l.window_min_valid_s / 60) || ' are needed'
    when s.valid_share < l.window_min_valid_share
      then 'only ' || plain(floor(100 * s.valid_share)) || ' % of a window is valid; '
        || plain(100 * l.window_min_valid_share) || ' are needed'
    when s.spread_mps > l.interval_spread_mps then 'the pace alternates, as in intervals'
    when s.faster_mps > l.window_speed_tolerance_mps
      then 'the late part was faster than anything early, so the two do not compare'
    when s.slower_mps > l.window_speed_tolerance_mps
      then 'the late part was slower than anything early, so the two do not compare'
    when s.ratio not between l.hr_decoupling_ratio_min and l.hr_decoupling_ratio_max
      then 'a ratio of ' || printf('%.2f', s.ratio) || ' is a fault of a sensor'
  end as reason
from side as s
cross join limits as l
