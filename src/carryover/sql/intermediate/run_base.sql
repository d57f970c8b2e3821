-- grain: one run: what its best recording and its samples say.
with pace as (
  select
    run_id,
    quantile_cont(speed_mps, 0.9) - quantile_cont(speed_mps, 0.1) as spread_mps,
    median(speed_mps) as median_mps
  from (
    select
      run_id,
      floor(moving_s / limits.pace_part_s) as part,
      time_mean(speed_mps, dt_s) as speed_mps
    from sample_value
    cross join limits
    group by all
  )
  group by run_id
)

select
  r.run_id,
  r.athlete_id,
  r.sensor_epoch,
  r.n_sources,
  a.started_at,
  a.local_date,
  a.sub_sport,
  -- A FIT file only knows the name of the watch's profile.
  coalesce(
    case when c.kind = 'fit' then w.name end,
    a.name,
    w.name,
    spoken(nullif(a.sub_sport, 'generic')),
    'Run'
  ) as name,
  a.name as recorded_name,
  w.gear,
  a.moving_s,
  a.elapsed_s,
  a.distance_m,
  a.ascent_m,
  a.distance_m / nullif(a.moving_s, 0) as avg_speed_mps,
  a.avg_heart_rate_bpm,
  a.avg_temperature_c as temperature_c,
  a.has_position,
  p.spread_mps / nullif(p.median_mps, 0) as speed_spread
from run_recording as r
join recording as a using (activity_id)
left join placed_content as c on c.content_id = a.content_id
left join export_word as w using (activity_id)
left join pace as p using (run_id)
