-- grain: one athlete × variant of the primary question.
select
  s.athlete_id::varchar as athlete_id, -- whose
  s.metric::varchar as metric, -- column of run_form that the question is about
  s.outcome::varchar as outcome, -- level, or decay (late minus early)
  s.exposure::varchar as exposure, -- what was dosed
  s.variant::varchar as variant, -- what is done otherwise than registered
  s.effect::double as effect, -- change that goes with two sessions a week
  s.ci_low::double as ci_low, -- 95 % interval, lower end
  s.ci_high::double as ci_high, -- 95 % interval, upper end
  s.p::double as p, -- two-sided p of the model
  s.n_runs::int as n_runs, -- runs in the estimate
  s.says::varchar as says -- what it says, in a runner's words
from carry_over_variants as s
order by s.athlete_id, s.variant != 'as registered', s.variant
