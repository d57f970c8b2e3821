-- grain: one file that was not simply loaded, or all of one sort in an archive, counted.
-- What an archive holds beside activities is counted; of the rest, `aside_named` a folder or
-- archive are named and more are counted.
with sorts as (
  select
    archive,
    family,
    sort,
    athlete_id,
    any_value(kind) as kind,
    count(*) as n_files,
    sum(size_bytes) as size_bytes
  from aside_place
  where status = 'unsupported' and archive is not null
  group by archive, family, sort, athlete_id
),

counted as (
  select
    archive,
    family,
    athlete_id,
    any_value(kind) as kind,
    sum(n_files)::bigint as n_files,
    sum(size_bytes) as size_bytes,
    string_agg(format('{:,} {}', n_files, sort), ', ' order by n_files desc, sort) as listed
  from sorts
  group by archive, family, athlete_id
),

named as (
  select
    *,
    row_number() over (partition by folder, status, athlete_id order by path) as rank
  from aside_place
  where is_first and not (status = 'unsupported' and archive is not null)
),

told as (
  select
    c.archive as path,
    c.kind,
    'unsupported' as status,
    case c.family
      when 'empty' then counted(c.n_files, 'empty file')
      when 'fit'
        then format('{:,} of {} ', c.n_files, counted(a.n_fit, 'FIT file'))
        || case when c.n_files = 1 then 'is no activity: ' else 'are no activities: ' end
      else counted(c.n_files, 'file') || ' of kinds that are not read: '
    end || coalesce(c.listed, '') as reason,
    c.n_files,
    c.size_bytes,
    c.athlete_id
  from counted as c
  left join archive_file as a on a.path = c.archive

  union all
  select n.path, n.kind, n.status, n.reason, n.n_places, n.size_bytes, n.athlete_id
  from named as n
  cross join limits
  where n.rank <= limits.aside_named

  union all
  select
    -- The sign sorts behind the names that it stands for.
    n.folder || case when n.folder = '' then '…' when any_value(n.archive) is null then '/…' else '!…' end,
    any_value(n.kind),
    n.status,
    counted(count(*), 'more file') || ', for such reasons',
    count(*),
    sum(n.size_bytes),
    n.athlete_id
  from named as n
  cross join limits
  where n.rank > limits.aside_named
  group by n.folder, n.status, n.athlete_id
)

select
  t.path::varchar as path, -- the file, the archive of those that are counted; … for more of a place
  t.kind::varchar as kind, -- fit, gpx, unknown …
  t.status::varchar as status, -- rejected, unsupported, partial or duplicate
  t.reason::varchar as reason, -- why; how many of which sort where they are counted
  t.n_files::bigint as n_files, -- files counted; places of a file that is named
  t.size_bytes::bigint as size_bytes, -- bytes
  t.athlete_id::varchar as athlete_id -- whose folder it lies in
from told as t
order by t.status, t.path, t.reason
