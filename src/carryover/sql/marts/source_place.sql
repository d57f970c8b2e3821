-- grain: one place under data/raw/ (or inside an archive there) where a content was found.
with place as (
  select place, sha256, null as outer_sha256 from store.disk
  union all
  select d.place || m.inner_place, m.sha256, m.outer_sha256
  from store.member as m
  join store.disk as d on d.sha256 = m.outer_sha256
),

told as (
  select
    p.place,
    p.sha256,
    p.outer_sha256,
    f.athlete_id,
    f.ingested_at,
    -- A packed file is what lies in it.
    coalesce(i.sha256, p.sha256) as content,
    coalesce(i.kind, f.kind) as kind,
    coalesce(i.status, f.status) as status,
    coalesce(
      p.outer_sha256 is null
      or (o.kind = 'zip' and not (f.kind in ('zip', 'gz') and f.status = 'loaded')),
      false
    ) as is_file
  from place as p
  left join source_file as f on f.sha256 = p.sha256
  left join source_file as o on o.sha256 = p.outer_sha256
  left join store.member as m
    on m.outer_sha256 = p.sha256 and p.outer_sha256 is null and f.kind = 'gz'
  left join source_file as i on i.sha256 = m.sha256
),

ranked as (
  select
    *,
    row_number() over (partition by content, is_file order by outer_sha256 is not null, place) as rank
  from told
)

select
  r.place::varchar as path, -- as in source_file
  r.sha256::varchar as sha256, -- content found there
  r.outer_sha256::varchar as outer_sha256, -- archive it lies in; null on disk itself
  r.kind::varchar as kind, -- fit, gpx, strength_csv …; of a packed file that of what it holds
  case when r.rank > 1 and r.status in ('loaded', 'partial') then 'duplicate' else r.status end::varchar
    as status, -- what became of this file: as in source_file, and a further copy is a duplicate
  r.is_file::boolean as is_file, -- whether it counts as a file: all that lies on disk, an archive as one, and what lies in zips
  r.athlete_id::varchar as athlete_id, -- whose folder its content lies in
  r.ingested_at::timestamptz as ingested_at -- when its content was read first
from ranked as r
order by path, sha256, outer_sha256
