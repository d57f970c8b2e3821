-- grain: one run × 10 s of its time: heart rate, steps and effort, for finding faults.
-- unit: run
-- Effort is the speed on the flat of equal cost over the last minute: the heart follows it so.
with part as (
  select
    g.run_id,
    floor(g.elapsed_s / l.heart_rate_part_s)::int as part,
    min(g.moving_s) as moving_s,
    sum(exact(g.covered_s)) as covered_s,
    bool_and(g.is_running) as is_running,
    time_mean(g.heart_rate_bpm, g.dt_s) as heart_rate_bpm,
    min(g.heart_rate_bpm) as lowest_bpm,
    max(g.heart_rate_bpm) as highest_bpm,
    time_mean(g.cadence_spm, g.dt_s) as cadence_spm,
    flat_speed_mps(time_mean(g.speed_mps, g.dt_s), coalesce(time_mean(g.grade_pct, g.dt_s), 0))
      as flat_speed_mps,
    coalesce(bool_or(
      abs(g.heart_rate_step_bpm) >= l.heart_rate_jump_bpm and g.since_s <= l.heart_rate_jump_gap_s
    ), false) as jumps_inside
  from sample_gait as g
  cross join limits as l
  where g.dt_s > 0 and g.run_id in (
    select run_id from sample_gait where heart_rate_bpm is not null
  )
  group by g.run_id, part, l.heart_rate_part_s, l.heart_rate_jump_bpm, l.heart_rate_jump_gap_s
),

beside as (
  select
    p.*,
    p.heart_rate_bpm - lag(p.heart_rate_bpm) over run as change_bpm,
    p.is_running and lag(p.is_running) over run and p.part - lag(p.part) over run = 1 as runs_on,
    sum(exact(p.flat_speed_mps)) over minute / nullif(count(p.flat_speed_mps) over minute, 0)
      as effort_mps,
    bool_and(p.is_running) over (
      partition by p.run_id order by p.part
      range between cast(l.heart_rate_lag_s / l.heart_rate_part_s as int) preceding and current row
    ) and p.moving_s >= l.heart_rate_lag_s as has_caught_up,
    least(
      abs(p.heart_rate_bpm - p.cadence_spm), abs(p.heart_rate_bpm - p.cadence_spm / 2)
    ) <= l.lock_near_bpm and p.is_running as near_steps
  from part as p
  cross join limits as l
  window
    run as (partition by p.run_id order by p.part),
    minute as (
      partition by p.run_id order by p.part
      range between cast(l.effort_window_s / l.heart_rate_part_s as int) preceding and current row
    )
)

select
  b.* exclude (runs_on),
  coalesce(b.jumps_inside or (
    b.runs_on and (b.change_bpm <= -l.heart_rate_fall_bpm or b.change_bpm >= l.heart_rate_rise_bpm)
  ), false) as jumps,
  -- One stretch in three may stray: a lock wavers.
  coalesce(avg(b.near_steps::int) over (
    partition by b.run_id order by b.part rows between 1 preceding and 1 following
  ) > l.lock_lapse_share, false) as is_near_steps
from beside as b
cross join limits as l
