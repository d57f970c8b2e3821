-- grain: one athlete's block plan, as it stands in plan.csv.
select
  p.athlete_id::varchar as athlete_id, -- whose
  p.made_on_date::date as made_on_date, -- when it was made
  min(w.week_start)::date as from_date, -- its first Monday
  (max(w.week_start) + 6)::date as to_date, -- its last Sunday
  p.metric::varchar as metric, -- column of run_form that it is made for
  p.outcome::varchar as outcome, -- level, or decay (late minus early)
  p.wanted_half::double as wanted_half, -- wanted half-width of the 95 % interval, in the metric's unit
  p.expected_weeks::int as expected_weeks, -- weeks from its start until that was expected; null beyond its horizon
  p.is_randomised::boolean as is_randomised, -- whether it says that it was drawn by lot
  p.is_intact::boolean as is_intact, -- whether its seal is unbroken
  p.is_drawn::boolean as is_drawn -- whether it counts as drawn: sealed, unchanged, made before it began
from plan_data as p
join plan_week_data as w using (athlete_id)
group by all
order by all
