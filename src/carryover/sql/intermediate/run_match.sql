-- grain: one running recording with the run it belongs to.
-- Two recordings of one athlete that overlap in time and agree in distance are one run; the run
-- takes the key of the earliest recording that is linked to it, however it is linked.
with recursive running as (
  select activity_id, athlete_id, started_at, ended_at, distance_m
  from recording
  where sport = 'running'
),

pair as (
  select a.activity_id as one, b.activity_id as other
  from running as a
  join running as b
    on a.athlete_id = b.athlete_id
    and a.activity_id <> b.activity_id
    and a.started_at < b.ended_at
    and b.started_at < a.ended_at
  cross join limits
  where
    epoch(least(a.ended_at, b.ended_at)) - epoch(greatest(a.started_at, b.started_at))
    >= limits.match_overlap_share
    * least(epoch(a.ended_at) - epoch(a.started_at), epoch(b.ended_at) - epoch(b.started_at))
    and coalesce(
      abs(a.distance_m - b.distance_m)
      <= greatest(
        limits.match_distance_share * greatest(a.distance_m, b.distance_m),
        limits.match_distance_m
      ),
      true
    )
),

reach (activity_id, linked) as (
  select activity_id, activity_id from running
  union
  select r.activity_id, p.other
  from reach as r
  join pair as p on p.one = r.linked
)

select
  r.activity_id,
  min_by(r.linked, (l.started_at, r.linked)) as run_id
from reach as r
join running as l on l.activity_id = r.linked
group by r.activity_id
