-- grain: one athlete × metric × outcome × exposure × tau: does the dose carry over.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.metric::varchar as metric, -- column of run_form
  e.outcome::varchar as outcome, -- level, or decay (late minus early)
  e.exposure::varchar as exposure, -- strength, activation, hill_strides, left_minus_right or right_minus_left
  e.tau_d::double as tau_d, -- days over which a session fades to 37 %
  e.role::varchar as role, -- primary (one, chosen beforehand) or exploratory
  e.effect::double as effect, -- change that goes with two usual sessions of the exposure a week
  e.effect_unit::varchar as effect_unit, -- unit of the effect
  e.ci_low::double as ci_low, -- 95 % interval, lower end
  e.ci_high::double as ci_high, -- 95 % interval, upper end
  e.effect_raw::double as effect_raw, -- the same without covariates
  e.ci_low_raw::double as ci_low_raw, -- its interval, lower end
  e.ci_high_raw::double as ci_high_raw, -- its interval, upper end
  e.acute_effect::double as acute_effect, -- change that goes with one session in the last 48 h
  e.acute_low::double as acute_low, -- its 95 % interval, lower end
  e.acute_high::double as acute_high, -- its 95 % interval, upper end
  e.acute_p::double as acute_p, -- two-sided p of it
  e.n_acute::int as n_acute, -- runs in the estimate with a session in the 48 h before
  e.se::double as se, -- standard error of the effect
  e.df::double as df, -- degrees of freedom of its t
  e.p::double as p, -- two-sided p of the model
  e.p_shift::double as p_shift, -- share of shifted dose calendars that fit as well or better
  e.q::double as q, -- Benjamini–Hochberg over the exploratory ones
  e.posterior::double as posterior, -- effect with the prior of trials weighed in, for display: decides nothing
  e.posterior_low::double as posterior_low, -- its 95 % interval, lower end
  e.posterior_high::double as posterior_high, -- its 95 % interval, upper end
  e.prior_sd::double as prior_sd, -- SD of the prior about 0: 0.4 of the residual SD of one run
  e.chance_good::double as chance_good, -- posterior probability of the good side; null without one
  e.chance_above::double as chance_above, -- posterior probability of an effect above + swc; null without one
  e.chance_below::double as chance_below, -- … of one below − swc
  e.swc::double as swc, -- smallest worthwhile change, in the effect's unit
  e.mdc95::double as mdc95, -- minimal detectable change of one run
  e.n_runs::int as n_runs, -- runs in the estimate
  e.n_weeks::double as n_weeks, -- weeks from first to last run
  e.n_switches::int as n_switches, -- changes between weeks with and without work of the exposure
  e.sd_exposure::double as sd_exposure, -- spread of the dose that covariates leave
  e.mde80::double as mde80, -- effect that this data would show with 80 % chance
  e.lead_p::double as lead_p, -- p of the leads check: future dose must not predict past form
  e.good_side::varchar as good_side, -- up, down or none, with this athlete's own side
  e.verdict::varchar as verdict, -- see docs
  e.missing::varchar as missing, -- what is missing, and what it would take
  e.sentence::varchar as sentence, -- the verdict in a runner's words
  e.registered_version::int as registered_version, -- of the primary: version of its question; null before it is fixed
  r.registered_on::date as registered_on, -- … and the date when that was fixed, at the athlete's home
  e.residual_sd::double as residual_sd, -- SD of what the model leaves over, beyond each run's own error
  e.memory_d::double as memory_d, -- days over which neighbouring runs forget each other to 37 %
  e.nugget_share::double as nugget_share, -- share of that variance which neighbours do not share
  e.weeks_as_now::int as weeks_as_now, -- weeks like these that would settle it; null beyond five years or where not asked
  e.plan_weeks::int as plan_weeks, -- the same with planned blocks of 6 to 10 weeks
  e.p_random::double as p_random, -- share of the calendars in the lot that do as well; null without a drawn plan
  e.p_curve::double as p_curve, -- of the primary: p of a bend, the dose squared beside the straight line
  e.is_randomised::boolean as is_randomised -- whether a plan drawn by lot is under test; null where not primary
from carry_over_estimate as e
left join registration as r on r.athlete_id = e.athlete_id and r.version = e.registered_version
order by e.athlete_id, e.role desc, e.metric, e.outcome, e.exposure desc, e.tau_d
