-- grain: one thing to know about what of an athlete's runs counts: a count, not a row a run.
with faulty as (
  select b.athlete_id, b.local_date, x.reason, x.excluded_s
  from run_exclusion as x
  join run_base as b using (run_id)
  cross join limits as l
  where x.applies_to = 'heart rate' and x.excluded_s >= l.heart_rate_tell_s
),

counting as (
  select run_id, bool_or(is_baseline) as has_baseline
  from run_bin
  group by run_id
),

-- A run with a form sensor in which not one stretch may carry a value at reference speed.
silent as (
  select b.athlete_id, b.local_date, x.reason
  from run_base as b
  left join counting as c using (run_id)
  join run_exclusion as x using (run_id)
  where b.dynamics_id is not null and not coalesce(c.has_baseline, false)
    and x.applies_to <> 'heart rate'
  qualify row_number() over (partition by b.run_id order by x.excluded_s desc, x.reason) = 1
),

remedy as (
  select
    e.reason,
    case e.exclusion_key
      when 'cadence_lock' then
        'Wear the watch tighter and higher up the arm, or a chest strap; in the cold, warm up first.'
      when 'heart_rate_unsettled' then
        'Wet the strap before the run; wear the watch tighter, and warm up before the start.'
      else 'Wet the strap and see to its battery; wear the watch tighter.'
    end as text
  from exclusion_data as e
)

select
  'warning' as severity,
  'heart rate' as subject,
  counted(count(*), 'run') || ' (' || newest(list(f.local_date::varchar), l.days_named::int) || '): '
  || f.reason || ', ' || counted(round(sum(f.excluded_s) / 60)::bigint, 'minute')
  || ' in all; it counts neither for metres a heartbeat nor for decoupling' as what,
  any_value(r.text) as remedy,
  f.athlete_id
from faulty as f
join remedy as r using (reason)
cross join limits as l
group by f.athlete_id, f.reason, l.days_named
union all
select
  'info',
  'runs without a value at reference speed',
  counted(count(*), 'run') || ' (' || newest(list(s.local_date::varchar), l.days_named::int) || '): '
  || 'nothing counts at reference speed; main reason: ' || s.reason,
  'The table run_exclusion tells each run''s minutes by reason, the table exclusion what they mean.',
  s.athlete_id
from silent as s
cross join limits as l
group by s.athlete_id, s.reason, l.days_named
