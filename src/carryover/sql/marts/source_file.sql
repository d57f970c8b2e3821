-- grain: one distinct content under data/raw/: what became of it and why.
with held as (
  select content_id, min_by(activity_id, (started_at, activity_id)) as activity_id
  from store.activity
  group by content_id
),

chosen as (
  select a.content_id, bool_or(r.content_id = a.content_id) as is_best
  from store.activity as a
  join recording as r using (activity_id)
  group by a.content_id
)

select
  c.sha256::varchar as sha256, -- hash of the content; of a large member that is not read, of its checksum
  c.place::varchar as path, -- its first place under data/raw/; archive!member inside archives
  c.kind::varchar as kind, -- fit, gpx, tcx, zip, gz, strength_csv …
  c.size_bytes::bigint as size_bytes, -- bytes
  case when c.status = 'loaded' and not x.is_best then 'duplicate' else c.status end::varchar
    as status, -- loaded, duplicate, unsupported, rejected or partial
  case
    when c.status = 'loaded' and not x.is_best
      then 'another file holds the same recording more fully'
    else c.reason
  end::varchar as reason, -- why it is not simply loaded
  c.stage::varchar as stage, -- where it stopped: open, decode or normalise; empty where it did not
  h.activity_id::varchar as activity_id, -- its first recording
  c.athlete_id::varchar as athlete_id, -- whose folder it lies in
  c.n_places::int as n_places, -- places under data/raw/ with these very bytes
  c.ingested_at::timestamptz as ingested_at -- when it was read first
from placed_content as c
left join held as h using (content_id)
left join chosen as x using (content_id)
order by path, sha256
