-- grain: one athlete × version of their question: what was fixed before any effect was looked at.
select
  s.athlete_id::varchar as athlete_id, -- whose
  s.version::int as version, -- 1 for the first question; a version never changes
  s.frozen_at::timestamptz as frozen_at, -- instant of the night that fixed it
  (s.frozen_at at time zone coalesce(p.home_timezone, 'UTC'))::date as registered_on, -- its date at the athlete's home
  s.exposure::varchar as exposure, -- what is dosed
  s.metric::varchar as metric, -- the primary outcome: column of run_form
  s.outcome::varchar as outcome, -- level, or decay (late minus early)
  s.tau_d::double as tau_d, -- days over which a session fades to 37 %
  s.swc::double as swc, -- smallest worthwhile change, in the metric's unit
  s.good_side::varchar as good_side, -- side of an effect that is better: up, down or none
  s.drift_mean::double as drift_mean, -- of a decay: the usual drift that the good side rests on
  s.drift_ci_low::double as drift_ci_low, -- its 95 % interval, lower end
  s.drift_ci_high::double as drift_ci_high, -- its 95 % interval, upper end
  s.n_values_then::int as n_values_then, -- values of the outcome that told the good side
  s.n_runs_then::int as n_runs_then, -- runs that had been recorded when it was fixed
  s.n_weeks_then::double as n_weeks_then, -- weeks from the first run to the last by then
  s.chosen_by::varchar as chosen_by, -- order (the declared one) or configuration (a person)
  s.config_hash::varchar as config_hash, -- hash of what [analysis] said of this question
  s.saw_answer::boolean as saw_answer, -- an estimate had been shown before it was fixed
  s.reason::varchar as reason, -- why this one, and why earlier ones of the order were passed over
  s.is_current::boolean as is_current, -- tonight's verdict rests on it
  s.replaced_at::timestamptz as replaced_at -- instant of the next version; null for the newest
from registration_state as s
left join person as p using (athlete_id)
where s.version is not null
order by 1, 2
