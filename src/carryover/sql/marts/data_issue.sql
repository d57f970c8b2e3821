-- grain: one thing a person should know about their data, and what to do.
with file as (
  select path, status, reason, sha256 from source_file
),

told as (
  select
    p.severity,
    c.place as subject,
    p.what,
    p.remedy,
    null as athlete_id
  from store.problem as p
  join placed_content as c using (content_id)

  union all
  select
    case status when 'rejected' then 'error' else 'info' end,
    path,
    'set aside: ' || coalesce(reason, 'no reason told'),
    case status when 'rejected' then 'The rest was loaded; replace the file or delete it.' end,
    null
  from file
  where status in ('rejected', 'unsupported')

  union all
  select
    'warning',
    coalesce(s.exercise_raw, 'a set without a name'),
    count(*) || ' sets of an exercise that the catalogue does not know: they count no glute work',
    'Use one of the names that `carryover doctor` lists, or tell us its name.',
    any_value(v.athlete_id)
  from strength_set as s
  join strength_session as v using (session_id)
  where s.exercise_id is null
  group by v.athlete_id, s.exercise_raw

  union all
  select
    'info',
    b.metric || ' · ' || b.sensor_epoch,
    'no values at reference speed: ' || b.reason,
    null,
    b.athlete_id
  from baseline as b
  where not b.usable

  union all
  select
    'info',
    sensor_epoch,
    'the watch computes ' || replace(metric, '_', ' ')
    || ' from pace and cadence: it says nothing of its own and does not testify',
    'A strap or pod that measures it would.',
    athlete_id
  from sensor_metric
  where origin = 'computed'

  union all
  select severity, subject, what, remedy, null from audit_result
)

select
  t.severity::varchar as severity, -- error, warning or info
  t.subject::varchar as subject, -- file, exercise, sensor or table
  t.what::varchar as what, -- what is the matter
  t.remedy::varchar as remedy, -- what to do about it; null where nothing need be done
  t.athlete_id::varchar as athlete_id -- whose; null where it is nobody's
from told as t
order by all
