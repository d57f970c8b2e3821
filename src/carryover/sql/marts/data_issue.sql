-- grain: one thing a person should know about their data, and what to do.
with problem as (
  select
    p.severity,
    c.place,
    p.what,
    p.remedy,
    c.athlete_id,
    count(*) over same as n_files,
    row_number() over (same order by c.place) as rank
  from store.problem as p
  join placed_content as c using (content_id)
  where c.status in ('loaded', 'partial')
  window same as (partition by c.athlete_id, p.severity, p.what, p.remedy)
),

told as (
  -- What was odd in a file that was used, wholly or in part; once where it is so in many.
  select
    p.severity,
    p.place as subject,
    case
      when p.n_files > l.aside_named then counted(p.n_files, 'file') || ' like this one: ' || p.what
      else p.what
    end as what,
    p.remedy,
    p.athlete_id
  from problem as p
  cross join limits as l
  where p.n_files <= l.aside_named or p.rank = 1

  union all
  select
    case status when 'rejected' then 'error' else 'info' end,
    path,
    'set aside: ' || coalesce(reason, 'no reason told'),
    case status when 'rejected' then 'Replace the file, or delete it; nothing else waits for it.' end,
    athlete_id
  from set_aside
  where status in ('rejected', 'unsupported')

  union all
  select 'info', subject, what, remedy, athlete_id from export_issue

  union all
  -- Logs and apps tell of their unknown names themselves; a watch's sets are in many files.
  select
    'warning',
    coalesce(s.exercise_raw, 'a set without a name'),
    counted(count(*), 'set')
    || ' of an exercise that the catalogue does not know: no glute work is counted',
    'Say in exercises.csv what it is: `carryover doctor` lists the lines.',
    v.athlete_id
  from gym_set as s
  join store.strength_session as v using (content_id, session_id)
  where s.exercise_id is null and s.matched_by is distinct from 'override' and v.origin = 'fit'
  group by v.athlete_id, s.exercise_raw

  union all
  select
    'info',
    b.sensor_epoch,
    'no values at reference speed for ' || string_agg(m.label, ', ' order by m.label)
    || ': ' || b.reason,
    null,
    b.athlete_id
  from baseline as b
  join metric_data as m on m.name = b.metric
  where not b.usable
  group by b.athlete_id, b.sensor_epoch, b.reason

  union all
  select
    'info',
    b.sensor_epoch,
    'the recorded speed wanders: only about '
    || round(100 * median(b.reliability))::int || ' % of its quick changes are the runner''s own. '
    || 'Values at reference speed rest on the lasting changes of pace',
    'A footpod''s speed is steadier; nothing need be done.',
    b.athlete_id
  from baseline as b
  cross join limits as l
  where b.usable and b.metric in ('cadence_spm', 'stance_time_ms')
  group by b.athlete_id, b.sensor_epoch, l.speed_reliability_min
  having median(b.reliability) < l.speed_reliability_min

  union all
  select
    'info',
    s.sensor_epoch,
    string_agg(m.label, ', ' order by m.label)
    || ' can be computed from pace and cadence here: it says nothing of its own and does not testify',
    'A strap or pod that measures it would.',
    s.athlete_id
  from sensor_metric as s
  join metric_data as m on m.name = s.metric
  -- Step length is speed over cadence by definition: no sensor could be blamed for it.
  where s.origin = 'computed' and s.metric <> 'step_length_mm'
  group by s.athlete_id, s.sensor_epoch

  union all
  select severity, subject, what, remedy, athlete_id from run_issue

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
