-- grain: one athlete × metric × outcome × span of hours since the last strength session.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.metric::varchar as metric, -- column of run_form
  e.outcome::varchar as outcome, -- level, or decay (late minus early)
  e.from_h::double as from_h, -- hours since the last session's start, more than this …
  e.to_h::double as to_h, -- … and up to this
  e.difference::double as difference, -- mean outcome beside runs later than 72 h, of the same kind and sensor
  e.effect_unit::varchar as effect_unit, -- unit of the difference
  e.ci_low::double as ci_low, -- 95 % interval, lower end
  e.ci_high::double as ci_high, -- 95 % interval, upper end
  e.n_runs::int as n_runs, -- runs in the span
  e.n_later::int as n_later -- runs later than 72 h
from acute_hours_estimate as e
order by e.athlete_id, e.metric, e.outcome, e.from_h
