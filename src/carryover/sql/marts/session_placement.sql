-- grain: one strength session: which runs lie before and after it, and whether it was placed well.
-- Rule: on easy or rest days, and not after hard ones. Hard is a workout or a race; a long run takes its
-- own day, and the day after too where it was very long. By the athlete's own dates; which of two on one
-- day came first is told only where the session's time is known.
with ran as (
  select
    r.run_id,
    r.athlete_id,
    r.local_date,
    r.started_at,
    r.started_at + to_milliseconds((1000 * coalesce(r.elapsed_s, r.moving_s, 0))::bigint) as ended_at,
    r.kind,
    coalesce(r.kind in ('workout', 'race'), false) as is_hard,
    coalesce(r.kind = 'long', false) as is_long,
    coalesce(r.kind = 'long' and r.moving_s >= l.placement_long_s, false) as is_very_long,
    case
      when r.kind = 'workout' then case e.structure
        when 'intervals' then 'intervals'
        when 'tempo' then 'a tempo run'
        when 'progression' then 'a progression run'
        else 'a workout'
      end
      when r.kind = 'race' then 'a race'
      when r.kind = 'long' and r.moving_s >= l.placement_long_s
        then 'a long run of ' || one_decimal(r.moving_s / 3600) || ' h'
      when r.kind = 'long' then 'a long run'
      else 'an easy run'
    end as words,
    case when r.kind = 'workout' and e.structure = 'intervals' then 'them' else 'it' end as pronoun
  from run as r
  left join run_effort as e using (run_id)
  cross join limits as l
),

lifted as (
  select
    *,
    started_at + to_milliseconds((1000 * coalesce(duration_s, 0))::bigint) as ended_at
  from strength_session
  where kind = 'strength'
),

placed as (
  select
    s.session_id,
    s.time_known,
    r.* exclude (athlete_id, local_date),
    datediff('day', s.local_date, r.local_date) as day_off,
    -- One that is still running when the other begins is no time before it.
    greatest(epoch(s.started_at) - epoch(r.ended_at), 0) / 3600 as since_h,
    greatest(epoch(r.started_at) - epoch(s.ended_at), 0) / 3600 as until_h,
    s.time_known and r.started_at < s.started_at as is_earlier,
    s.time_known and r.started_at >= s.started_at as is_later
  from lifted as s
  join ran as r
    on r.athlete_id = s.athlete_id
    and r.local_date between s.local_date - 1 and s.local_date + 2
),

near as (
  select
    p.*,
    case when p.time_known then p.is_earlier and p.day_off in (-1, 0) else p.day_off = -1 end
      as is_before,
    case
      when p.time_known then p.is_later and p.until_h <= l.placement_next_h
      else p.day_off = 1
    end as is_after,
    case
      when p.is_earlier and p.since_h < 0.5 then ', right after ' || p.pronoun
      when p.is_later and p.until_h < 0.5 then ', right before ' || p.pronoun
      when p.is_earlier then ', ' || counted(round(p.since_h)::int, 'hour') || ' after ' || p.pronoun
      when p.is_later then ', ' || counted(round(p.until_h)::int, 'hour') || ' before ' || p.pronoun
      else ''
    end as how_near
  from placed as p
  cross join limits as l
),

against as (
  select
    session_id,
    case
      when day_off = -1 and is_hard then {'rank': 1, 'rule': 'day after hard', 'words': 'the day after ' || words}
      when day_off = 0 and is_hard
        then {'rank': 2, 'rule': 'hard day', 'words': 'on the day of ' || words || how_near}
      when day_off = 1 and kind = 'race' and (is_after or not time_known)
        then {'rank': 3, 'rule': 'race eve', 'words': 'the day before a race' || how_near}
      when day_off = 0 and is_long
        then {'rank': 4, 'rule': 'long day', 'words': 'on the day of ' || words || how_near}
      when day_off = -1 and is_very_long
        then {'rank': 5, 'rule': 'day after very long', 'words': 'the day after ' || words}
    end as told
  from near
),

-- The same said of two runs is said once.
flagged as (
  select
    session_id,
    list(rule order by rank) as rules,
    string_agg(words, ' and ' order by rank) as flag
  from (
    select session_id, told.rule as rule, min(told.rank) as rank, min(told.words) as words
    from against
    where told is not null
    group by session_id, told.rule
  )
  group by session_id
),

beside as (
  select
    session_id,
    max_by({'id': run_id, 'kind': kind, 'hours': since_h}, (started_at, run_id))
      filter (where is_before) as earlier,
    min_by({'id': run_id, 'kind': kind, 'hours': until_h}, (started_at, run_id))
      filter (where is_after) as later,
    bool_or(day_off = 0 and is_hard) as has_hard,
    bool_or(day_off = 0 and is_long) as has_long,
    bool_or(day_off = 0) as has_run
  from near
  group by session_id
)

select
  s.session_id::varchar as session_id, -- the session
  s.athlete_id::varchar as athlete_id, -- whose
  s.local_date::date as local_date, -- the athlete's own date
  case
    when b.has_hard then 'hard'
    when b.has_long then 'long'
    when b.has_run then 'easy'
    else 'rest'
  end::varchar as day_kind, -- what the day was by its runs: rest, easy, long, or hard (a workout or a race)
  b.earlier.id::varchar as before_run_id, -- the last run before it, that day or the day before
  b.earlier.kind::varchar as before_run_kind, -- its kind
  case when s.time_known then b.earlier.hours end::double as since_run_h, -- from that run's end to the session's start, h; null where the session's time is not known
  b.later.id::varchar as after_run_id, -- the next run within 36 hours of its end; of the next day where no time is known
  b.later.kind::varchar as after_run_kind, -- its kind
  case when s.time_known then b.later.hours end::double as until_run_h, -- from the session's end to that run's start, h
  case when s.time_known then 'times' else 'dates' end::varchar as judged_by, -- dates where the session's time is not known: what came first that day cannot be told
  (f.flag is null)::boolean as is_well_placed, -- on an easy or rest day, and not after a hard one
  f.flag::varchar as flag, -- what speaks against the day, in words; null where nothing does
  f.rules::varchar[] as rules -- day after hard, hard day, race eve, long day, day after very long; the first weighs most
from lifted as s
left join beside as b using (session_id)
left join flagged as f using (session_id)
order by s.athlete_id, s.local_date, s.session_id
