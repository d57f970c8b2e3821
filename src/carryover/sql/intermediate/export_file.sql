-- grain: one row of a list that came with an export, with the file that it names.
-- A file is found by its place beside the list, whether in a folder or in a zip, and is also
-- known by the name of the .gz that it lies in.
with listed as (
  select s.*, c.sha256, c.place as list_path, count(*) over (partition by s.content_id) as n_rows
  from store.strava_activity as s
  join placed_content as c using (content_id)
),

beside as (
  select sha256, regexp_replace(path, '[^/!]*$', '') as base
  from source_place
),

placed as (
  select path, path as place, sha256 from source_place
  union all
  select regexp_replace(path, '![^!]*$', ''), path, sha256
  from source_place
  where outer_sha256 is not null
),

held as (
  select
    l.content_id,
    l.strava_id,
    min(p.path) as file_path,
    min_by(a.activity_id, (a.started_at, a.activity_id)) as activity_id
  from listed as l
  join beside as b using (sha256)
  join placed as p on p.path = b.base || l.filename
  left join placed_content as c on c.sha256 = p.sha256
  left join store.activity as a on a.content_id = c.content_id
  group by l.content_id, l.strava_id
)

select
  l.*,
  h.file_path,
  h.activity_id,
  m.run_id
from listed as l
left join held as h using (content_id, strava_id)
left join run_match as m on m.activity_id = h.activity_id
