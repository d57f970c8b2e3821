-- grain: one thing to know about an athlete's plan.
select
  case when p.is_randomised then 'warning' else 'info' end as severity,
  'plan.csv' as subject,
  'the plan was changed after it was sealed; it counts as it now stands'
  || case when p.is_randomised then ', and no longer as drawn by lot' else '' end as what,
  case
    when p.is_randomised
      then 'Bring back the file as it was, or make a new plan: carryover plan --randomise --replace.'
  end as remedy,
  p.athlete_id
from plan_data as p
where not p.is_intact
union all
select
  'info',
  'plan.csv',
  'the plan was made for ' || m.label || ' (' || p.outcome || '), but the main question is now '
  || n.label || ' (' || c.outcome || ')'
  || case when p.is_randomised then '; its draw is not tested there' else '' end,
  'A new plan would fit it: carryover plan --replace.',
  p.athlete_id
from plan_data as p
join carry_over as c on c.athlete_id = p.athlete_id and c.role = 'primary'
join metric_data as m on m.name = p.metric
join metric_data as n on n.name = c.metric
where (p.metric, p.outcome) is distinct from (c.metric, c.outcome)
