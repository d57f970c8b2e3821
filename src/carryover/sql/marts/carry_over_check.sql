-- grain: one athlete × check × part (null: the check as a whole) of the primary question.
select
  c.athlete_id::varchar as athlete_id, -- whose
  c.metric::varchar as metric, -- column of run_form that the question is about
  c.outcome::varchar as outcome, -- level, or decay (late minus early)
  c.exposure::varchar as exposure, -- what was dosed
  c.tau_d::double as tau_d, -- days over which a session fades to 37 %
  c.check_name::varchar as check_name, -- shift, leads, negative_control, drop_one_block, sensor_terms, placebo_date, first_half_second_half
  c.part::varchar as part, -- block, sensor or half; null: the check as a whole
  c.status::varchar as status, -- passed, failed, informative or not run
  c.effect::double as effect, -- effect that the check looked at, in the metric's unit: see docs
  c.ci_low::double as ci_low, -- its 95 % interval, lower end
  c.ci_high::double as ci_high, -- its 95 % interval, upper end
  c.p::double as p, -- two-sided p of that effect; of shift and leads the p of the check
  c.n_runs::int as n_runs, -- runs that it rests on
  c.says::varchar as says, -- what it says, in a runner's words
  c.reason::varchar as reason -- why it was not run
from carry_over_checks as c
order by c.athlete_id, c.check_name, c.part nulls first
