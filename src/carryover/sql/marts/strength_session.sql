-- grain: one session of gym work, drills or hill strides; sources that tell of the same are merged.
select
  g.visit_id::varchar as session_id, -- stable key
  g.athlete_id::varchar as athlete_id, -- whose
  g.started_at::timestamptz as started_at, -- UTC instant; local noon where no time is known
  g.time_known::boolean as time_known, -- whether a time of day is known
  g.local_date::date as local_date, -- the athlete's own date
  g.kind::varchar as kind, -- strength, activation or hill_strides
  g.duration_s::double as duration_s, -- s
  g.rpe::double as rpe, -- perceived exertion 1–10
  case
    when g.kind <> 'strength' then null
    when g.n_sets > 0 and coalesce(g.glute_sets, 0) = 0
      and not exists (
        select 1
        from set_work as s
        where s.visit_id = g.visit_id and s.exercise_id is null
          and s.matched_by is distinct from 'override'
      ) then 0
    when d.channel = 'load' then g.glute_load_kg / d.usual_load_kg
    when d.channel = 'rpe_minutes' then g.rpe_minutes / d.usual_rpe_minutes
    else 1
  end::double as dose, -- glute work; the athlete's median session is 1, null where it is not known
  d.channel::varchar as dose_channel, -- load, rpe_minutes or sessions: the same for all of an athlete
  g.n_sets::int as n_sets, -- sets told
  g.glute_sets::int as glute_sets, -- working sets that load the glutes
  g.tonnage_kg::double as tonnage_kg, -- repetitions × weight of glute exercises, kg
  g.n_sources::int as n_sources, -- sources merged into it
  g.note::varchar as note, -- own words
  a.run_id::varchar as before_run_id, -- the run that activation drills prepared; null where none is known
  g.in_run_id::varchar as in_run_id -- the run in which hill strides were recognised; else null
from session_work as g
left join dose_channel as d using (athlete_id)
left join activation_run as a using (visit_id)
order by g.athlete_id, g.started_at, g.visit_id
