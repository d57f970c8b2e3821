-- grain: one athlete × group of runs of like dose of the primary question.
with told as (
  select athlete_id, metric, outcome, unnest(dose_groups) as part
  from carry_over_estimate
  where role = 'primary'
)
select
  t.athlete_id::varchar as athlete_id, -- whose
  t.metric::varchar as metric, -- column of run_form that the question is about
  t.outcome::varchar as outcome, -- level, or decay (late minus early)
  t.part.group_number::int as group_number, -- 1 has the least dose; each has about as many runs
  t.part.n_runs::int as n_runs, -- runs of the group
  t.part.dose::double as dose, -- their mean exposure: 1 is a steady two sessions a week
  t.part.dose_low::double as dose_low, -- least of them
  t.part.dose_high::double as dose_high, -- most of them
  t.part.value::double as value, -- weighted mean of their partial residuals, in the metric's unit
  t.part.ci_low::double as ci_low, -- its 95 % interval, lower end
  t.part.ci_high::double as ci_high -- its 95 % interval, upper end
from told as t
order by t.athlete_id, t.part.group_number
