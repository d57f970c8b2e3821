-- grain: one athlete × run of the primary question, as its own fit sees it.
with told as (
  select athlete_id, metric, outcome, unnest(points) as point
  from carry_over_estimate
  where role = 'primary'
)
select
  t.athlete_id::varchar as athlete_id, -- whose
  t.metric::varchar as metric, -- column of run_form that the question is about
  t.outcome::varchar as outcome, -- level, or decay (late minus early)
  t.point.run_id::varchar as run_id, -- run
  r.local_date::date as local_date, -- its date where it began
  t.point.dose::double as dose, -- exposure of the weeks before: 1 is a steady two sessions a week
  t.point.value::double as value, -- outcome of the run, in the metric's unit
  t.point.partial_residual::double as partial_residual, -- the same with all else taken out: covariates at their mean, no session in the last 48 h
  t.point.fitted::double as fitted, -- the straight line at this dose
  t.point.fitted_low::double as fitted_low, -- its 95 % interval, lower end
  t.point.fitted_high::double as fitted_high, -- its 95 % interval, upper end
  t.point.weight::double as weight -- how much the run weighs in the fit; 1 is the surest
from told as t
left join run as r on r.run_id = t.point.run_id
order by t.athlete_id, r.local_date, t.point.run_id
