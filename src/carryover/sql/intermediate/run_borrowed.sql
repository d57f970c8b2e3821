-- grain: one run that borrows channels × instant of its timeline, each channel from its source.
-- unit: run
-- A lent value stands until its recording tells the next, at most `match_hold_s`. Where a group is
-- borrowed, the timeline's own values of it are left out: sources are never mixed within a group.
with several as (
  select
    r.run_id,
    r.borrowed,
    s.recorded_at + to_microseconds((1e6 * r.clock_shift_s)::bigint) as told_at,
    s.* exclude (content_id, activity_id, recorded_at)
  from store.sample as s
  join run_recording as r using (content_id, activity_id)
  where len(r.borrowed) > 0
),

lent as (
  select
    c.run_id,
    c.channel_group,
    s.recorded_at + to_microseconds((1e6 * c.clock_shift_s)::bigint) as told_at,
    s.* exclude (content_id, activity_id, recorded_at)
  from channel_choice as c
  join run_recording as r on r.run_id = c.run_id and list_contains(r.borrowed, c.channel_group)
  join store.sample as s on s.content_id = c.content_id and s.activity_id = c.activity_id
)

select
  b.run_id,
  b.told_at as recorded_at,
  b.elapsed_s,
  b.moving_s,
  b.dt_s,
  b.segment,
  lent_or_own(b.borrowed, 'speed', b.told_at - v.told_at, l.match_hold_s, v.distance_m, b.distance_m)
    as distance_m,
  lent_or_own(b.borrowed, 'speed', b.told_at - v.told_at, l.match_hold_s, v.speed_mps, b.speed_mps)
    as speed_mps,
  lent_or_own(b.borrowed, 'altitude', b.told_at - a.told_at, l.match_hold_s, a.altitude_m, b.altitude_m)
    as altitude_m,
  lent_or_own(b.borrowed, 'heart_rate', b.told_at - h.told_at, l.match_hold_s, h.heart_rate_bpm, b.heart_rate_bpm)
    as heart_rate_bpm,
  lent_or_own(b.borrowed, 'cadence', b.told_at - c.told_at, l.match_hold_s, c.cadence_spm, b.cadence_spm)
    as cadence_spm,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.stance_time_ms, b.stance_time_ms)
    as stance_time_ms,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.stance_time_balance_pct, b.stance_time_balance_pct)
    as stance_time_balance_pct,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.stance_time_percent, b.stance_time_percent)
    as stance_time_percent,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.stance_time_left_ms, b.stance_time_left_ms)
    as stance_time_left_ms,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.stance_time_right_ms, b.stance_time_right_ms)
    as stance_time_right_ms,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.vertical_oscillation_mm, b.vertical_oscillation_mm)
    as vertical_oscillation_mm,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.vertical_ratio_pct, b.vertical_ratio_pct)
    as vertical_ratio_pct,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.step_length_mm, b.step_length_mm)
    as step_length_mm,
  lent_or_own(b.borrowed, 'dynamics', b.told_at - d.told_at, l.match_hold_s, d.leg_spring_stiffness_knpm, b.leg_spring_stiffness_knpm)
    as leg_spring_stiffness_knpm,
  lent_or_own(b.borrowed, 'power', b.told_at - w.told_at, l.match_hold_s, w.power_w, b.power_w)
    as power_w,
  lent_or_own(b.borrowed, 'temperature', b.told_at - t.told_at, l.match_hold_s, t.temperature_c, b.temperature_c)
    as temperature_c,
  lent_or_own(b.borrowed, 'position', b.told_at - p.told_at, l.match_hold_s, p.latitude_deg, b.latitude_deg)
    as latitude_deg,
  lent_or_own(b.borrowed, 'position', b.told_at - p.told_at, l.match_hold_s, p.longitude_deg, b.longitude_deg)
    as longitude_deg
from several as b
cross join limits as l
asof left join (select * from lent where channel_group = 'speed') as v
  on v.run_id = b.run_id and v.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'altitude') as a
  on a.run_id = b.run_id and a.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'heart_rate') as h
  on h.run_id = b.run_id and h.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'cadence') as c
  on c.run_id = b.run_id and c.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'dynamics') as d
  on d.run_id = b.run_id and d.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'power') as w
  on w.run_id = b.run_id and w.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'temperature') as t
  on t.run_id = b.run_id and t.told_at <= b.told_at
asof left join (select * from lent where channel_group = 'position') as p
  on p.run_id = b.run_id and p.told_at <= b.told_at
