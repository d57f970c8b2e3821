-- grain: one activity as the list of an export tells it; of several lists the fullest.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.strava_id::varchar as strava_id, -- Strava's number of it
  e.started_at::timestamptz as started_at, -- UTC instant; null where the date cannot be read
  e.name::varchar as name, -- as the athlete named it
  e.sport::varchar as sport, -- Strava's word, in the account's language
  e.description::varchar as description, -- own words
  e.gear::varchar as gear, -- shoes or bicycle
  e.is_race::boolean as is_race, -- whether the athlete marked it as a race; null where the list does not say
  e.is_long::boolean as is_long, -- whether they marked it as a long run; null likewise
  e.elapsed_s::double as elapsed_s, -- s
  e.moving_s::double as moving_s, -- s moving, by Strava
  e.distance_m::double as distance_m, -- m
  e.filename::varchar as filename, -- its file, as the list names it; null where there is none
  case when e.filename is not null then e.file_path is not null end::boolean
    as is_found, -- whether that file is there; null where it names none
  e.file_path::varchar as file_path, -- where, as in source_place
  e.activity_id::varchar as activity_id, -- recording in it; null where there is none
  e.run_id::varchar as run_id, -- run that it belongs to; null for other sports
  e.list_path::varchar as list_path -- first place of the list
from export_file as e
qualify row_number() over (
  partition by e.athlete_id, e.strava_id
  order by
    e.activity_id is not null desc,
    e.file_path is not null desc,
    e.n_rows desc,
    e.list_path desc,
    e.content_id
) = 1
order by athlete_id, started_at, strava_id
