-- grain: one athlete × week of their plan: what was planned and what was done.
-- Today is the newest date of a run or a gym session: a table must not change by itself.
with newest as (
  select athlete_id, max(local_date) as local_date
  from (
    select athlete_id, local_date from run
    union all
    select athlete_id, local_date from strength_session
  )
  group by athlete_id
),

placed as (
  select
    w.*,
    row_number() over (partition by w.athlete_id, w.block order by w.week_start) as week_of_block,
    case
      when n.local_date is null or w.week_start > n.local_date then 'ahead'
      when w.week_start + 6 < n.local_date then 'past'
      else 'now'
    end as status
  from plan_week_data as w
  left join newest as n using (athlete_id)
),

done as (
  select
    p.athlete_id,
    p.week_start,
    count(s.session_id) as sessions_done,
    coalesce(sum(s.dose), 0) as dose_done
  from placed as p
  left join strength_session as s
    on s.athlete_id = p.athlete_id and s.kind = 'strength'
    and s.local_date between p.week_start and p.week_start + 6
  where p.status <> 'ahead'
  group by all
)

select
  p.athlete_id::varchar as athlete_id, -- whose
  p.week_start::date as week_start, -- Monday of the week
  p.block::int as block, -- number of its block
  p.week_of_block::int as week_of_block, -- which week of its block it is
  p.state::varchar as state, -- on or off
  p.status::varchar as status, -- past, now or ahead of the newest date that is known
  p.planned_sessions::int as planned_sessions, -- strength sessions planned
  d.sessions_done::int as sessions_done, -- strength sessions done; null ahead
  d.dose_done::double as dose_done, -- their dose; 1 is the athlete's median session, null ahead
  case
    when p.status <> 'past' then null
    when p.planned_sessions = 0 then (d.sessions_done = 0)::int
    else least(d.sessions_done / p.planned_sessions, 1)
  end::double as kept_share -- share of the plan that was kept; null until the week is over
from placed as p
left join done as d using (athlete_id, week_start)
order by all
