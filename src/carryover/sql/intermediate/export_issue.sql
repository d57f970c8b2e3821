-- grain: one thing that a list and the files beside it do not agree on, counted.
with missing as (
  select
    list_path,
    athlete_id,
    count(*) as n_missing,
    any_value(n_rows) as n_rows
  from export_file
  where filename is not null and file_path is null
  group by list_path, athlete_id
),

list as (
  select list_path, athlete_id, regexp_replace(list_path, '[^/!]*$', '') || 'activities/' as base
  from export_file
  group by all
),

named as (
  select distinct regexp_replace(list_path, '[^/!]*$', '') || filename as path from export_file
),

beside as (
  select distinct
    l.list_path,
    l.athlete_id,
    -- The file as the export names it: without its way inside a .gz.
    l.base || regexp_replace(p.path[len(l.base) + 1:], '!.*$', '') as path
  from list as l
  join source_place as p on starts_with(p.path, l.base)
  join source_file as f using (sha256)
  where f.kind in ('fit', 'gpx', 'tcx')
)

select
  list_path as subject,
  format('{:,} of {} name a file that is not there', n_missing, counted(n_rows, 'row')) as what,
  'They count no run; a newer export may hold the files.' as remedy,
  athlete_id
from missing

union all
select
  b.list_path,
  counted(count(*), 'file') || ' beside it, named in no row',
  null,
  b.athlete_id
from beside as b
left join named as n using (path)
where n.path is null
group by b.list_path, b.athlete_id
