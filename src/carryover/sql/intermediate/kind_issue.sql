-- grain: one entry of [[kind]] that cannot be followed.
with nearest as (
  select d.entry, arg_min(b.local_start, abs(b.local_date - d.local_date)) as local_start
  from declared_run as d
  join run_base as b on b.athlete_id = coalesce(d.athlete_id, b.athlete_id)
  where d.run_id is null
  group by d.entry
)

select
  'warning' as severity,
  'carryover.toml' as subject,
  '[[kind]] names the run ' || d.run || ', but none began then' as what,
  'Write its date, its date and time, or its run_id'
  || coalesce('; the nearest run began at ' || strftime(n.local_start, '%Y-%m-%d %H:%M'), '')
  || '.' as remedy,
  d.athlete_id
from declared_run as d
left join nearest as n using (entry)
where d.run_id is null
union all
select
  'warning',
  'carryover.toml',
  '[[kind]] names the run ' || any_value(d.run) || ', but ' || counted(count(*), 'run')
  || ' began then; it is not followed',
  'Add the time (' || string_agg(strftime(d.local_start, '"%Y-%m-%d %H:%M"'), ' or ' order by d.local_start)
  || ') or the athlete.',
  any_value(d.athlete_id)
from declared_run as d
where d.n_meant > 1
group by d.entry
union all
select
  'warning',
  'carryover.toml',
  '[[kind]] names the run ' || d.run || ' twice; the last entry counts',
  'Keep one of them.',
  d.athlete_id
from declared_run as d
where d.n_meant = 1 and d.nth_of_run = 2
