-- grain: one running recording with what decides between it and its likes.
-- A watch's own file tells its serial number; apps that copy it do not. Lower ranks keep the time.
with kinds as (
  select
    r.*,
    case
      when c.kind <> 'fit' then 'track'
      when lower(r.manufacturer) in ('stryd', 'runscribe', 'scribe_labs') then 'pod'
      when r.serial is null then 'copy'
      else 'watch'
    end as source_kind
  from recording as r
  join placed_content as c using (content_id)
  where r.sport = 'running'
)

select
  k.*,
  case
    when k.dynamics_source = 'none' then null
    when k.dynamics_source = 'watch' then 'watch'
    else 'pod'
  end as dynamics_kind,
  row_number() over (
    partition by k.athlete_id
    order by
      k.source_kind = 'watch' desc, k.has_position desc nulls last, k.source_kind = 'copy' desc,
      k.started_at, k.activity_id
  ) as clock_rank
from kinds as k
