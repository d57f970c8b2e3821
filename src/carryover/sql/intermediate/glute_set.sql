-- grain: one working set of a strength session that loads the glutes, with its share of their work.
-- Work is repetitions × load × glute share where the athlete's dose is told in loads; else each set is
-- one: the two are never mixed within an athlete.
select
  s.visit_id as session_id,
  g.athlete_id,
  g.local_date,
  e.pattern,
  coalesce(e.unilateral, false) or coalesce(s.side in ('left', 'right'), false) as is_one_sided,
  d.channel = 'load' as is_load,
  case
    when d.channel = 'load' then s.glute_share * moved_kg(
      s.reps, s.duration_s, l.hold_s_per_rep, s.weight_kg, s.bodyweight_share,
      coalesce(p.mass_kg, l.bodyweight_kg)
    )
    else 1
  end as work
from gym_set as s
join strength_session as g on g.session_id = s.visit_id and g.kind = 'strength'
left join exercise as e on e.exercise_id = s.exercise_id
left join dose_channel as d on d.athlete_id = g.athlete_id
left join person as p on p.athlete_id = g.athlete_id
cross join limits as l
where s.glute_share > 0 and not coalesce(s.is_warmup, false)
