-- grain: one run × metric: the value by which levels are compared, and whether the run is a usual one.
-- Noise is learnt from settled runs alone, so that one run more does not move that of all others.
select
  v.athlete_id,
  v.sensor_epoch,
  v.run_id,
  v.metric,
  v.started_at,
  v.local_date,
  r.kind,
  r.kind in ('easy', 'long', 'hilly', 'track') as is_usual,
  s.run_id is not null as is_settled,
  -- Adjusted and plain values are never mixed: their difference is no noise.
  case
    when count(v.value_adj) over (partition by v.athlete_id, v.sensor_epoch, v.metric) > 0
      then v.value_adj
    else v.value
  end as y
from run_value as v
join run as r using (run_id)
left join settled_run as s using (run_id)
qualify y is not null
