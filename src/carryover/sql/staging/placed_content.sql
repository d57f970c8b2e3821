-- grain: one distinct content that still lies under data/raw/, with its first place.
with places as (
  select place, sha256 from store.disk
  union
  select d.place || m.inner_place, m.sha256
  from store.member as m
  join store.disk as d on d.sha256 = m.outer_sha256
)
select
  c.content_id,
  c.sha256,
  c.kind,
  c.size_bytes,
  c.status,
  c.reason,
  c.athlete_id,
  c.ingested_at,
  min(p.place) as place,
  count(*) as n_places
from store.content as c
join places as p using (sha256)
group by all
