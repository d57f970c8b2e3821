-- grain: one place under data/raw/ (or inside an archive there) where a content was found.
select
  p.place::varchar as path, -- as in source_file
  p.sha256::varchar as sha256, -- content found there
  p.outer_sha256::varchar as outer_sha256 -- archive it lies in; null on disk itself
from (
  select place, sha256, null as outer_sha256 from store.disk
  union all
  select d.place || m.inner_place, m.sha256, m.outer_sha256
  from store.member as m
  join store.disk as d on d.sha256 = m.outer_sha256
) as p
order by all
