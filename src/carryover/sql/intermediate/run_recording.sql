-- grain: one run with the recording whose instants are its timeline, and what others lend it.
-- It covers the run, gives the dynamics if it can, and is the watch's own file, then the fullest.
with fitting as (
  select
    m.*,
    c.activity_id is not null as gives_dynamics,
    epoch(m.ended_at) - epoch(m.started_at) as length_s,
    max(epoch(m.ended_at) - epoch(m.started_at)) over (partition by m.run_id) as longest_s
  from run_member as m
  left join channel_choice as c
    on c.run_id = m.run_id and c.channel_group = 'dynamics' and c.activity_id = m.activity_id
),

chosen as (
  select f.*
  from fitting as f
  cross join limits as l
  qualify row_number() over (
    partition by f.run_id
    order by
      f.length_s >= l.timeline_share * f.longest_s desc,
      f.gives_dynamics desc, f.dynamics_source <> 'none' desc, f.serial is not null desc,
      f.n_records desc, f.activity_id
  ) = 1
),

lent as (
  select
    c.run_id,
    list(c.channel_group order by c.channel_group) as borrowed,
    min(c.activity_id) filter (where c.channel_group = 'dynamics') as dynamics_id
  from channel_choice as c
  join chosen as b using (run_id)
  where c.activity_id <> b.activity_id
  group by c.run_id
)

select
  b.run_id,
  b.activity_id,
  b.content_id,
  b.athlete_id,
  b.n_sources,
  b.clock_shift_s,
  coalesce(n.borrowed, []) as borrowed,
  case
    when n.dynamics_id is null then b.sensor_epoch
    else sensor_epoch_text(
      b.manufacturer, b.device, b.serial, b.firmware,
      concat_ws(' ', d.dynamics_source, 'of', d.manufacturer, d.device, d.serial)
    )
  end as sensor_epoch
from chosen as b
left join lent as n using (run_id)
left join running as d on d.activity_id = n.dynamics_id
