-- grain: one strength session whose sides are told: one-sided glute work in the unit of its dose.
-- Where the dose is not told by load, it is shared out by working sets of the glutes. A session that
-- tells the side of some of its one-sided sets counts with those.
select
  s.session_id,
  case
    when coalesce(p.left_sets, 0) = 0 then 0
    when d.channel = 'load' then p.left_load_kg / d.usual_load_kg
    else s.dose * p.left_sets / s.glute_sets
  end as left_dose,
  case
    when coalesce(p.right_sets, 0) = 0 then 0
    when d.channel = 'load' then p.right_load_kg / d.usual_load_kg
    else s.dose * p.right_sets / s.glute_sets
  end as right_dose
from strength_session as s
join session_part as p on p.visit_id = s.session_id
left join dose_channel as d using (athlete_id)
where s.kind = 'strength' and (p.sided_sets > 0 or (p.untold_sets = 0 and p.unknown_sets = 0))
