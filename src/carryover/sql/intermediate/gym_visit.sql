-- grain: one gym session as one source tells it, with the visit it belongs to.
-- A watch and a log tell of the same visit when they are nearest to each other on that day and
-- within the tolerance, or the log knows no time. Two sessions of one source are two visits.
with told as (
  select s.*
  from store.strength_session as s
  join placed_content as c using (content_id)
  qualify row_number() over (partition by s.session_id order by c.sha256) = 1
),

pair as (
  select
    w.session_id as watch_id,
    n.session_id as log_id,
    case when n.time_known then abs(epoch(n.started_at) - epoch(w.started_at)) else 0 end as apart_s
  from told as w
  join told as n
    on n.athlete_id = w.athlete_id
    and n.local_date = w.local_date
    and n.kind = w.kind
  cross join limits
  where w.origin = 'fit' and n.origin <> 'fit'
    and (not n.time_known or abs(epoch(n.started_at) - epoch(w.started_at)) <= limits.gym_match_s)
),

mutual as (
  select *
  from pair
  qualify
    row_number() over (partition by watch_id order by apart_s, log_id) = 1
    and row_number() over (partition by log_id order by apart_s, watch_id) = 1
)

select
  coalesce(m.watch_id, t.session_id) as visit_id,
  t.*
from told as t
left join mutual as m on m.log_id = t.session_id
