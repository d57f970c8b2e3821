-- grain: one gym session as one source tells it, with the visit it belongs to.
-- Sources take turns: watch, apps, own log, Strava, then whoever knows no time. In its turn a
-- source's session joins the nearest visit that has none of that source yet, by how far the start
-- is from that of the visit's first session, nearest pairs first; what finds none is a visit of its
-- own. It may join a visit that starts within the tolerance or overlaps; one of another kind only
-- where the two are at the same time, since nobody trains twice at once.
with recursive session as (
  select
    *,
    dense_rank() over (order by not time_known, origin_rank) as turn
  from gym_source
  where recording_id = session_id
),

-- A start a day off on the calendar may still be near, over midnight.
near as (
  select *, unnest([local_date - 1, local_date, local_date + 1]) as near_date
  from session
),

joined as (
  select 2 as step, null::varchar as session_id, null::varchar as visit_id

  union all

  (
    -- Three rounds a turn: what lost the nearest visit may still have the next one.
    with free as (
      select s.*, j.step + 1 as step
      from session as s
      join (select max(step) as step from joined) as j on s.turn = (j.step + 1) // 3
      where s.session_id not in (select session_id from joined where session_id is not null)
    ),

    pair as (
      select
        f.step,
        f.session_id,
        v.session_id as visit_id,
        (
          f.kind <> v.kind,
          case when f.time_known and v.time_known then abs(f.from_s - v.from_s) else 0 end,
          v.from_s,
          f.from_s
        ) as apart
      from free as f
      join near as v on v.athlete_id = f.athlete_id and v.near_date = f.local_date
      join joined as j on j.session_id = v.session_id and j.visit_id = v.session_id
      cross join limits as l
      where (
        case
          when not f.time_known or not v.time_known then f.kind = v.kind and f.local_date = v.local_date
          when f.kind = v.kind then abs(f.from_s - v.from_s) <= l.gym_match_s
            or least(f.to_s, v.to_s) > greatest(f.from_s, v.from_s)
          else least(f.to_s, v.to_s) > greatest(f.from_s, v.from_s)
            and least(f.to_s, v.to_s) - greatest(f.from_s, v.from_s)
            >= l.gym_same_share * greatest(f.to_s - f.from_s, v.to_s - v.from_s)
        end
      )
      and not exists (
        select 1
        from joined as k
        join session as m on m.session_id = k.session_id
        where k.visit_id = v.session_id and m.origin_rank = f.origin_rank
      )
    ),

    mutual as (
      select step, session_id, visit_id
      from pair
      qualify
        row_number() over (partition by session_id order by apart, visit_id) = 1
        and row_number() over (partition by visit_id order by apart, session_id) = 1
    )

    select step + 1 as step, session_id, visit_id
    from joined
    where step < (select 3 * max(turn) + 2 from session)
    union all
    select step, session_id, visit_id from mutual
    union all
    select step, session_id, session_id
    from free
    where step % 3 = 2 and session_id not in (select session_id from mutual)
  )
),

-- The key is that of the source believed first, which a log without a time may be.
visit as (
  select
    j.session_id,
    first_value(j.session_id) over (partition by j.visit_id order by s.origin_rank) as visit_id
  from joined as j
  join session as s on s.session_id = j.session_id
  where j.step = (select max(step) from joined)
)

select v.visit_id, s.*
from gym_source as s
join visit as v on v.session_id = s.recording_id
