-- grain: one recording that a list speaks of: the name and the shoes that it gives.
-- A list may name a copy of the watch's own file: what it says holds for all of that run.
select
  r.activity_id,
  min_by(nullif(e.name, ''), (e.activity_id <> r.activity_id, e.strava_id)) as name,
  min_by(nullif(e.gear, ''), (e.activity_id <> r.activity_id, e.strava_id)) as gear
from recording as r
left join run_match as m using (activity_id)
join export_entry as e
  on e.athlete_id = r.athlete_id
  and coalesce(e.run_id, e.activity_id) = coalesce(m.run_id, r.activity_id)
group by r.activity_id
