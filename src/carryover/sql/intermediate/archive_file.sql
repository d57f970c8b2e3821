-- grain: one zip on disk (of copies the first), with how many FIT files lie in it at any depth.
with outside as (
  select p.sha256, min(p.path) as path
  from source_place as p
  join source_file as f using (sha256)
  where p.outer_sha256 is null and f.kind = 'zip'
  group by p.sha256
)

select
  o.sha256,
  o.path,
  count(*) filter (where f.kind = 'fit') as n_fit
from outside as o
left join source_place as p
  on p.outer_sha256 = o.sha256 and starts_with(p.path, o.path || '!')
left join source_file as f on f.sha256 = p.sha256
group by o.sha256, o.path
