-- grain: one place of a content that was set aside, known already or only partly read, with the
-- archive that it lies in or its folder; of copies of an archive the first.
select
  p.path,
  p.path = f.path as is_first,
  o.path as archive,
  coalesce(o.path, regexp_replace(p.path, '/?[^/]*$', '')) as folder,
  f.kind,
  f.status,
  f.reason,
  f.size_bytes,
  f.n_places,
  f.athlete_id,
  case
    when f.size_bytes = 0 then 'empty'
    when f.kind = 'fit' then 'fit'
    else 'other'
  end as family,
  case
    when f.size_bytes = 0 then null
    when f.kind = 'fit' then regexp_extract(f.reason, ': (?:an? )?(.+)$', 1)
    else coalesce(
      nullif(lower(regexp_extract(p.path, '\.[A-Za-z0-9]{1,8}$')), ''), 'without an ending'
    )
  end as sort
from source_place as p
join source_file as f using (sha256)
left join archive_file as o on o.sha256 = p.outer_sha256
where
  f.status in ('rejected', 'unsupported', 'partial', 'duplicate')
  and (o.path is null or starts_with(p.path, o.path || '!'))
