-- grain: one run: what its recordings and its samples say; its timekeeper tells when it was.
with lent as (
  select
    c.run_id,
    max(d.ascent_m) filter (where c.channel_group = 'altitude') as ascent_m,
    max(d.avg_heart_rate_bpm) filter (where c.channel_group = 'heart_rate') as avg_heart_rate_bpm,
    max(d.avg_temperature_c) filter (where c.channel_group = 'temperature') as temperature_c,
    max(c.activity_id) filter (where c.channel_group = 'dynamics') as dynamics_id,
    max(c.activity_id) filter (where c.channel_group = 'heart_rate') as heart_rate_id,
    max(c.activity_id) filter (where c.channel_group = 'position') as position_id
  from channel_choice as c
  join recording as d using (activity_id)
  group by c.run_id
),

-- A FIT file only knows the name of the watch's profile; a track's name is its person's.
called as (
  select
    m.run_id,
    coalesce(
      case when bool_or(m.source_kind <> 'track') then arg_min(w.name, m.clock_rank) end,
      arg_min(m.name, m.clock_rank),
      arg_min(w.name, m.clock_rank)
    ) as own_name,
    arg_min(m.name, m.clock_rank) as recorded_name,
    arg_min(w.gear, m.clock_rank) as gear,
    arg_min(m.sub_sport, m.clock_rank) filter (where m.sub_sport <> 'generic') as sub_sport
  from run_member as m
  left join export_word as w using (activity_id)
  group by m.run_id
)

select
  r.run_id,
  r.athlete_id,
  r.sensor_epoch,
  r.n_sources,
  a.started_at + to_microseconds((1e6 * r.clock_shift_s)::bigint) as started_at,
  k.local_date,
  (k.started_at at time zone 'UTC') + to_microseconds((1e6 * coalesce(k.utc_offset_s, 0))::bigint)
    as local_start,
  coalesce(c.sub_sport, a.sub_sport) as sub_sport,
  coalesce(c.own_name, spoken(c.sub_sport), 'Run') as name,
  c.recorded_name,
  c.gear,
  a.moving_s,
  a.elapsed_s,
  coalesce(g.distance_m, a.distance_m) as distance_m,
  coalesce(l.ascent_m, a.ascent_m) as ascent_m,
  coalesce(g.distance_m, a.distance_m) / nullif(a.moving_s, 0) as avg_speed_mps,
  coalesce(l.avg_heart_rate_bpm, a.avg_heart_rate_bpm) as avg_heart_rate_bpm,
  coalesce(l.temperature_c, a.avg_temperature_c) as temperature_c,
  a.has_position or l.position_id is not null as has_position,
  r.activity_id as timeline_id,
  coalesce(l.dynamics_id, case when a.dynamics_source <> 'none' then a.activity_id end)
    as dynamics_id,
  coalesce(l.heart_rate_id, case when a.avg_heart_rate_bpm is not null then a.activity_id end)
    as heart_rate_id,
  coalesce(l.position_id, case when a.has_position then a.activity_id end) as position_id
from run_recording as r
join recording as a using (activity_id)
join run_match as m using (activity_id)
join recording as k on k.activity_id = m.keeper_id
left join called as c on c.run_id = r.run_id
left join lent as l on l.run_id = r.run_id
left join run_ground as g on g.run_id = r.run_id
