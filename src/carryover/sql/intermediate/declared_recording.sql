-- grain: one name in [[same]] or [[never_same]] × running recording that it means.
-- A name is a recording's key, or its file's place under data/raw/, whole or from a folder on; a
-- .gz goes by its own name. A name that means nothing has a null recording.
with found as (
  select place, sha256 from store.disk
  union all
  select d.place || m.inner_place, m.sha256
  from store.member as m
  join store.disk as d on d.sha256 = m.outer_sha256
),

place as (
  select distinct a.activity_id, regexp_replace(f.place, '\.gz![^!]*$', '.gz') as place
  from found as f
  join store.content as c using (sha256)
  join store.activity as a using (content_id)
),

named as (
  select d.rule, d.entry, d.name, p.activity_id
  from declared as d
  join place as p
    on p.place = d.name or ends_with(p.place, '/' || d.name) or ends_with(p.place, '!' || d.name)
  union
  select d.rule, d.entry, d.name, d.name
  from declared as d
)

select
  d.rule,
  d.entry,
  d.name,
  r.activity_id
from declared as d
left join (
  select n.*
  from named as n
  join running as r using (activity_id)
) as r using (rule, entry, name)
