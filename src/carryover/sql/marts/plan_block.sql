-- grain: one athlete × block of their plan: what was planned and what was done.
select
  w.athlete_id::varchar as athlete_id, -- whose
  w.block::int as block, -- number, from 1
  any_value(w.state)::varchar as state, -- on (gym work) or off
  min(w.week_start)::date as from_date, -- first Monday
  (max(w.week_start) + 6)::date as to_date, -- last Sunday
  count(*)::int as n_weeks, -- weeks planned
  case
    when bool_and(w.status = 'past') then 'past'
    when bool_and(w.status = 'ahead') then 'ahead'
    else 'now'
  end::varchar as status, -- past, now or ahead of the newest date that is known
  sum(w.planned_sessions)::int as planned_sessions, -- strength sessions planned
  sum(w.sessions_done)::int as sessions_done, -- strength sessions done so far; null ahead
  sum(w.dose_done)::double as dose_done, -- their dose; 1 is the athlete's median session, null ahead
  avg(w.kept_share)::double as kept_share -- mean of its weeks that are over; null before the first is
from plan_week as w
group by w.athlete_id, w.block
order by all
