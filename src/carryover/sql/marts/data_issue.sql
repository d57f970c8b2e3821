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
    || ': computed by the watch from pace and cadence; it says nothing of its own and does not testify',
    'A strap or pod that measures it would.',
    s.athlete_id
  from sensor_metric as s
  join metric_data as m on m.name = s.metric
  -- Step length is speed over cadence by definition: no sensor could be blamed for it.
  where s.origin = 'computed' and s.metric <> 'step_length_mm'
  group by s.athlete_id, s.sensor_epoch

  union all
  -- Two pods on the wrong feet look like a runner who has changed sides.
  select
    'info',
    s.sensor_epoch,
    'the longer contact is on the ' || s.baseline_side || ' with this sensor, on the '
    || s.side_before || ' with the one before: no score crosses the change',
    'If it is of two pods or sides, check that each is on its own foot.',
    s.athlete_id
  from (
    select
      a.athlete_id,
      a.sensor_epoch,
      a.baseline_side,
      lag(a.baseline_side) over (partition by a.athlete_id order by a.from_date) as side_before
    from athlete_symmetry as a
    where a.baseline_side is not null
  ) as s
  where s.baseline_side <> s.side_before

  union all
  select
    'info',
    'carryover.toml',
    case
      when p.mass_kg is null then 'no leg or vertical stiffness: the runner''s mass is not told'
      else 'no leg stiffness: the runner''s height is not told'
    end,
    'Set ' || concat_ws(
      ' and ',
      case when p.mass_kg is null then 'mass_kg' end,
      case when p.height_m is null then 'height_m' end
    ) || ' of this athlete in carryover.toml.',
    p.athlete_id
  from person as p
  where (p.mass_kg is null or p.height_m is null)
    and p.athlete_id in (
      select b.athlete_id
      from run_metric as m
      join run_base as b using (run_id)
      where m.metric = 'stance_time_ms' and m.value is not null
    )

  union all
  -- What other metrics are made of is enough: the others follow it.
  select
    'info',
    s.sensor_epoch,
    'measured or computed is not known yet of ' || string_agg(m.label, ', ' order by m.label)
    || case
      when min(s.n_bins) < l.origin_min_bins
        then ' (' || min(s.n_bins) || ' of ' || l.origin_min_bins::int
          || ' steady two-minute stretches)'
      else ' (what pace and cadence leave over is neither a sensor''s noise nor none)'
    end
    || '; it does not testify until it is',
    case when min(s.n_bins) < l.origin_min_bins then 'More steady runs with this sensor will tell.' end,
    s.athlete_id
  from sensor_metric as s
  join metric_data as m on m.name = s.metric
  cross join limits as l
  where s.origin = 'unknown'
    and s.metric in ('stance_time_ms', 'vertical_oscillation_mm', 'stance_time_balance_pct')
  group by s.athlete_id, s.sensor_epoch, l.origin_min_bins, s.n_bins < l.origin_min_bins

  union all
  -- Nothing is lost by it, but a disk that damages one file may damage others.
  select
    'warning',
    a.path,
    'what had been read could not be read any more on '
    || strftime(a.set_aside_at at time zone 'UTC', '%Y-%m-%d %H:%M')
    || ' UTC and was set aside; every file was read anew, nothing is lost',
    'Delete it when you like. If it happens again, have the disk looked at.',
    null
  from aside_held as a

  union all
  select severity, subject, what, remedy, athlete_id from registration_issue

  union all
  select severity, subject, what, remedy, athlete_id from run_issue

  union all
  select severity, subject, what, remedy, athlete_id from steady_issue

  union all
  select severity, subject, what, remedy, athlete_id from kind_issue

  union all
  select severity, subject, what, remedy, athlete_id from plan_issue

  union all
  -- A person knows a run by its day.
  select
    a.severity,
    coalesce(strftime(b.local_date, 'run of %Y-%m-%d, ') || a.subject, a.subject),
    a.what,
    a.remedy,
    b.athlete_id
  from audit_result as a
  left join run_base as b on b.run_id = a.subject
)

select
  t.severity::varchar as severity, -- error, warning or info
  t.subject::varchar as subject, -- file, exercise, sensor or table
  t.what::varchar as what, -- what is the matter
  t.remedy::varchar as remedy, -- what to do about it; null where nothing need be done
  t.athlete_id::varchar as athlete_id -- whose; null where it is nobody's
from told as t
order by all
