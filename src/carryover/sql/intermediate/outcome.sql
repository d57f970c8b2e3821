-- grain: one run × metric × outcome: what the dose may carry over to.
select
  v.athlete_id,
  v.run_id,
  v.metric,
  'level' as outcome,
  v.value_adj as y,
  null::double as se
from run_value as v
where v.value_adj is not null
union all
select
  d.athlete_id,
  d.run_id,
  d.metric,
  'decay',
  d.change_adj,
  d.se
from form_decay as d
where d.eligible and d.change_adj is not null
