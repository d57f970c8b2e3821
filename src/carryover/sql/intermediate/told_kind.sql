-- grain: one run that a list or the watch itself says something about: race, long or workout.
-- A list's word goes before the watch's; a workout on the watch shows in its easy laps.
with listed as (
  select run_id, bool_or(is_race) as is_race, bool_or(is_long) as is_long
  from export_entry
  where run_id is not null
  group by run_id
),

easy as (
  select r.run_id, l.lap_index, l.intensity in ('rest', 'recovery', 'resting') as is_easy
  from store.lap as l
  join run_recording as r using (content_id, activity_id)
  where l.intensity is not null
),

-- Only what lies between two hard laps: not the warm-up, and not what follows the last one.
planned as (
  select run_id, count(*) as n_easy_laps
  from (
    select
      *,
      lag(is_easy) over laps as after_easy,
      lead(is_easy) over laps as before_easy
    from easy
    window laps as (partition by run_id order by lap_index)
  )
  where is_easy and not after_easy and not before_easy
  group by run_id
)

select
  coalesce(s.run_id, p.run_id) as run_id,
  case
    when s.is_race then 'race'
    when p.n_easy_laps >= l.told_easy_laps then 'workout'
    when s.is_long then 'long'
  end as kind,
  case
    when s.is_race then 'Strava''s list calls it a race'
    when p.n_easy_laps >= l.told_easy_laps
      then 'a workout on the watch, with ' || counted(p.n_easy_laps, 'easy lap')
    when s.is_long then 'Strava''s list calls it a long run'
  end as reason
from listed as s
full join planned as p using (run_id)
cross join limits as l
where s.is_race or s.is_long or p.n_easy_laps >= l.told_easy_laps
