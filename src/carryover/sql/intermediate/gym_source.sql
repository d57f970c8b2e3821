-- grain: one gym session as one source tells it, however many files hold it.
-- Two FIT recordings that overlap in time are one, a watch's and a copy of it: `recording_id`.
with n_sets as (
  select content_id, session_id, count(*) as n_sets
  from store.strength_set
  group by all
),

told as (
  select
    s.*,
    epoch(s.started_at) as from_s,
    epoch(s.started_at) + coalesce(s.duration_s, 0) as to_s
  from store.strength_session as s
  join placed_content as c using (content_id)
  left join n_sets as n using (content_id, session_id)
  qualify row_number() over (
    partition by s.session_id
    order by c.status = 'loaded' desc, coalesce(n.n_sets, 0) desc, c.place desc, c.sha256
  ) = 1
),

copied as (
  select
    a.session_id,
    min_by(b.session_id, (b.started_at, b.session_id)) as recording_id
  from told as a
  join told as b on a.athlete_id = b.athlete_id and a.origin = 'fit' and b.origin = 'fit'
  cross join limits
  where
    a.session_id = b.session_id
    or (
      least(a.to_s, b.to_s) > greatest(a.from_s, b.from_s)
      and least(a.to_s, b.to_s) - greatest(a.from_s, b.from_s)
      >= limits.match_overlap_share * least(a.to_s - a.from_s, b.to_s - b.from_s)
    )
  group by a.session_id
)

select
  t.*,
  coalesce(y.recording_id, t.session_id) as recording_id,
  -- Who is believed first where sources tell of one visit: the watch, apps, the own log, Strava.
  coalesce(list_position(['fit', 'hevy', 'strong', 'log', 'strava'], t.origin), 6) as origin_rank
from told as t
left join copied as y on y.session_id = t.session_id
