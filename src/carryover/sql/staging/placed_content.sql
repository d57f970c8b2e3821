-- grain: one distinct content that still lies under data/raw/, with its first place.
with places as (
  select place, sha256, false as is_inside from store.disk
  union
  select d.place || m.inner_place, m.sha256, true
  from store.member as m
  join store.disk as d on d.sha256 = m.outer_sha256
),

first as (
  select sha256, min(place) as place, bool_and(is_inside) as is_inside, count(*) as n_places
  from places
  group by sha256
)

select
  c.content_id,
  c.sha256,
  c.kind,
  c.size_bytes,
  -- An empty file is a fault of a copy, but exports are full of them.
  case when c.size_bytes = 0 and f.is_inside then 'unsupported' else c.status end as status,
  c.reason,
  c.stage,
  c.athlete_id,
  c.ingested_at,
  f.place,
  f.n_places
from store.content as c
join first as f using (sha256)
