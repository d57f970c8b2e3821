-- grain: one gym session as one source tells it, with the visit it belongs to.
-- Two FIT recordings that overlap in time are one visit (a watch and a copy of it). A watch and a
-- log tell of the same visit when they are nearest to each other on that day and within the
-- tolerance, or the log knows no time. Two sessions of one source are two visits.
with n_sets as (
  select content_id, session_id, count(*) as n_sets
  from store.strength_set
  group by all
),

told as (
  select s.*
  from store.strength_session as s
  join placed_content as c using (content_id)
  left join n_sets as n using (content_id, session_id)
  qualify row_number() over (
    partition by s.session_id
    order by c.status = 'loaded' desc, coalesce(n.n_sets, 0) desc, c.place desc, c.sha256
  ) = 1
),

watch as (
  select *, epoch(started_at) as from_s, epoch(started_at) + coalesce(duration_s, 0) as to_s
  from told
  where origin = 'fit'
),

copied as (
  select
    a.session_id,
    min_by(b.session_id, (b.started_at, b.session_id)) as visit_id
  from watch as a
  join watch as b on a.athlete_id = b.athlete_id
  cross join limits
  where
    a.session_id = b.session_id
    or (
      least(a.to_s, b.to_s) > greatest(a.from_s, b.from_s)
      and least(a.to_s, b.to_s) - greatest(a.from_s, b.from_s)
      >= limits.match_overlap_share * least(a.to_s - a.from_s, b.to_s - b.from_s)
    )
  group by a.session_id
),

pair as (
  select
    w.session_id as watch_id,
    n.session_id as log_id,
    case when n.time_known then abs(epoch(n.started_at) - epoch(w.started_at)) else 0 end as apart_s,
    w.started_at
  from told as w
  join copied as y on y.session_id = w.session_id and y.visit_id = w.session_id
  join told as n
    on n.athlete_id = w.athlete_id
    and n.local_date = w.local_date
    and n.kind = w.kind
  cross join limits
  where n.origin <> 'fit'
    and (not n.time_known or abs(epoch(n.started_at) - epoch(w.started_at)) <= limits.gym_match_s)
),

mutual as (
  select *
  from pair
  qualify
    row_number() over (partition by watch_id order by apart_s, log_id) = 1
    and row_number() over (partition by log_id order by apart_s, started_at, watch_id) = 1
)

select
  coalesce(y.visit_id, m.watch_id, t.session_id) as visit_id,
  t.*
from told as t
left join copied as y on y.session_id = t.session_id
left join mutual as m on m.log_id = t.session_id
