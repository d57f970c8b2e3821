-- grain: one gym visit with what every source adds, and its work in each dose channel.
-- The kind is told by the source whose sets stand; without sets by the athlete's own log, else by
-- the first source: a watch without sets says strength for everything.
with told as (
  select v.*, s.session_id is not null as has_sets
  from gym_visit as v
  left join (select distinct visit_id, session_id from gym_set) as s using (visit_id, session_id)
),

visit as (
  select
    visit_id,
    any_value(athlete_id) as athlete_id,
    min_by(started_at, (not time_known, started_at)) as started_at,
    bool_or(time_known) as time_known,
    min_by(local_date, (not time_known, started_at)) as local_date,
    min_by(kind, (not has_sets, origin <> 'log', origin_rank, kind)) as kind,
    max(duration_s) as duration_s,
    max(rpe) as rpe,
    min(note) as note,
    count(*) as n_sources
  from told
  group by visit_id
),

work as (
  select
    s.visit_id,
    count(*) as n_sets,
    count(*) filter (where s.glute_share > 0 and not coalesce(s.is_warmup, false)) as glute_sets,
    sum(coalesce(s.reps, s.duration_s / l.hold_s_per_rep) * s.weight_kg)
      filter (where s.glute_share > 0) as tonnage_kg,
    sum(
      s.glute_share
      * moved_kg(
        s.reps, s.duration_s, l.hold_s_per_rep, s.weight_kg, s.bodyweight_share,
        coalesce(p.mass_kg, l.bodyweight_kg)
      )
    ) filter (where not coalesce(s.is_warmup, false)) as glute_load_kg,
    max(s.rpe) as set_rpe
  from gym_set as s
  join visit as v using (visit_id)
  left join person as p using (athlete_id)
  cross join limits as l
  group by s.visit_id
)

select
  v.*,
  coalesce(w.n_sets, 0) as n_sets,
  w.glute_sets,
  w.tonnage_kg,
  nullif(w.glute_load_kg, 0) as glute_load_kg,
  coalesce(v.rpe, w.set_rpe) * v.duration_s / 60 as rpe_minutes
from visit as v
left join work as w using (visit_id)
