-- grain: one athlete × ISO week, unbroken from the first known day to the newest: what was done, and whether two sessions were kept.
with calendar as (
  select
    c.athlete_id,
    c.as_of,
    c.first_strength,
    unnest(generate_series(
      date_trunc('week', c.first_date)::timestamp, date_trunc('week', c.as_of)::timestamp, interval 7 days
    ))::date as week_start
  from coach_day as c
),

ran as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    count(*) as n,
    sum(distance_m) as distance_m,
    sum(moving_s) as moving_s,
    count(*) filter (where kind in ('workout', 'race')) as hard,
    count(*) filter (where kind = 'long') as long
  from run
  group by all
),

lifted as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    count(*) filter (where kind = 'strength') as strength,
    count(*) filter (where kind = 'strength' and dose is distinct from 0) as glute,
    count(*) filter (where kind = 'activation') as activation,
    count(*) filter (where kind = 'hill_strides') as strides,
    count(*) filter (where kind = 'strength' and dose is null) as unknown,
    day_sum(dose, kind = 'strength') as dose,
    sum(glute_sets) filter (where kind = 'strength') as hard_sets,
    sum(tonnage_kg) filter (where kind = 'strength') as tonnage_kg
  from strength_session
  group by all
),

worked as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    nullif(sum(work), 0) as work,
    sum(hip_work) as hip_work,
    sum(knee_work) as knee_work,
    sum(one_sided_work) as one_sided_work
  from glute_day
  group by all
),

flagged as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    count(flag) as n,
    string_agg(strftime(local_date, '%a') || ' session ' || flag, '; ' order by local_date, session_id)
      filter (where flag is not null) as flags
  from session_placement
  group by all
),

felt as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    max(pain_0_10) as pain_0_10,
    max(stiffness_0_10) as stiffness_0_10,
    max_by(place_words(site, side), (pain_0_10, local_date, site, side))
      filter (where pain_0_10 > 0) as sorest
  from wellness
  group by all
),

week as (
  select
    c.athlete_id,
    c.week_start,
    c.as_of >= c.week_start + 6 as is_over,
    coalesce(r.n, 0) as n_runs,
    case when r.n is null then 0 else r.distance_m end as distance_m,
    case when r.n is null then 0 else r.moving_s end as moving_s,
    coalesce(r.hard, 0) as hard_runs,
    coalesce(r.long, 0) as long_runs,
    coalesce(g.strength, 0) as strength_sessions,
    coalesce(g.glute, 0) as glute_sessions,
    coalesce(g.activation, 0) as activation_sessions,
    coalesce(g.strides, 0) as hill_stride_sessions,
    coalesce(g.unknown, 0) as dose_unknown_sessions,
    coalesce(c.week_start + 6 >= c.first_strength, false) as is_logged,
    -- Before the first logged session nobody knows; after it a week without one is known to hold none.
    case when g.strength > 0 then g.dose when is_logged then 0 end as dose,
    case when g.strength > 0 then g.hard_sets when is_logged then 0 end as hard_sets,
    case when g.strength > 0 then g.tonnage_kg when is_logged then 0 end as tonnage_kg,
    w.hip_work / w.work as hip_share,
    w.knee_work / w.work as knee_share,
    w.one_sided_work / w.work as one_sided_share,
    coalesce(p.state = 'off', false) as is_off,
    if(is_off, 0, l.sessions_per_week) as target,
    coalesce(f.n, 0) as placement_flags,
    f.flags,
    s.pain_0_10 as worst_pain_0_10,
    s.stiffness_0_10 as worst_stiffness_0_10,
    s.sorest,
    r.n is null and g.athlete_id is null as is_silent
  from calendar as c
  cross join limits as l
  left join ran as r using (athlete_id, week_start)
  left join lifted as g using (athlete_id, week_start)
  left join worked as w using (athlete_id, week_start)
  left join flagged as f using (athlete_id, week_start)
  left join felt as s using (athlete_id, week_start)
  left join plan_week as p using (athlete_id, week_start)
)

select
  w.athlete_id::varchar as athlete_id, -- whose
  w.week_start::date as week_start, -- Monday of the ISO week
  w.is_over::boolean as is_over, -- whether its Sunday is known; of the newest week often not
  w.is_silent::boolean as is_silent, -- neither a run nor a session of any kind: it counts neither as kept nor as missed
  w.n_runs::int as n_runs, -- runs
  w.distance_m::double as distance_m, -- their distance, m
  w.moving_s::double as moving_s, -- their moving time, s
  w.hard_runs::int as hard_runs, -- workouts and races
  w.long_runs::int as long_runs, -- long runs
  w.strength_sessions::int as strength_sessions, -- strength sessions
  w.glute_sessions::int as glute_sessions, -- those of them that are not known to hold no glute work: they count as kept
  w.activation_sessions::int as activation_sessions, -- sessions of activation drills
  w.hill_stride_sessions::int as hill_stride_sessions, -- sessions of hill strides
  w.dose::double as dose, -- glute strength work; 1 is the athlete's median session; null where a session does not tell it, and before the first logged one
  w.dose_unknown_sessions::int as dose_unknown_sessions, -- strength sessions whose dose is not known
  w.hard_sets::int as hard_sets, -- working sets that load the glutes; null where no sets are told
  w.tonnage_kg::double as tonnage_kg, -- repetitions × weight of glute sets, kg; null where not told
  w.hip_share::double as hip_share, -- share of the glute work by hip-dominant exercises, 0–1; null without work
  w.knee_share::double as knee_share, -- … by knee-dominant ones
  w.one_sided_share::double as one_sided_share, -- … by one leg at a time
  w.is_off::boolean as is_off, -- an off week of the athlete's block plan: no session is due
  w.target::int as sessions_target, -- sessions that are due: two, and none in an off week of the plan
  case
    when w.is_over and not w.is_silent and w.is_logged and not w.is_off
      then w.glute_sessions >= w.target
  end::boolean as kept_two, -- whether so many were done; null in a week that is not over, before the first logged session, with neither run nor session, and in an off week of the plan
  w.placement_flags::int as placement_flags, -- strength sessions that were not placed well
  w.worst_pain_0_10::double as worst_pain_0_10, -- worst pain told, 0–10; null where none is told
  w.worst_stiffness_0_10::double as worst_stiffness_0_10, -- worst stiffness told, 0–10
  w.flags::varchar as flags, -- what speaks against the days of its sessions; null where nothing does
  (
    case
      when w.is_silent then 'No runs and no sessions' || case when w.is_over then '' else ' so far' end || '.'
      else case when w.n_runs = 0 then 'No runs'
          else counted(w.n_runs, 'run') || coalesce(format(', {:.0f} km', w.distance_m / 1000), '') end
        || '; '
        || case
          when w.is_off then 'an off week of the plan'
            || case when w.glute_sessions > 0 then ', ' || counted(w.glute_sessions, 'strength session') else '' end
          when not w.is_logged then 'no strength log yet'
          else w.glute_sessions || ' of ' || w.target::int || ' strength sessions'
            || case when not w.is_over then ' so far' else '' end
            || case when w.glute_sessions > 0 and w.dose is not null
              then ', dose ' || one_decimal(w.dose) else '' end
        end
        || '.'
    end
    || coalesce(' ' || w.flags || '.', '')
    || case when w.worst_pain_0_10 > 0
      then ' Pain at most ' || plain(w.worst_pain_0_10) || '/10 (' || w.sorest || ').' else '' end
  )::varchar as says -- the week in words
from week as w
order by w.athlete_id, w.week_start
