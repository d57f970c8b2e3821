-- grain: one athlete × contrast × metric × outcome: form in the hours after strength or drills.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.contrast::varchar as contrast, -- strength in the 48 hours before, or activation before the run
  e.metric::varchar as metric, -- column of run_form
  e.outcome::varchar as outcome, -- level, or decay (late minus early)
  e.effect::double as effect, -- change that goes with one usual session in the 48 h, or mean difference of the pairs
  e.effect_unit::varchar as effect_unit, -- unit of the effect
  e.ci_low::double as ci_low, -- 95 % interval, lower end
  e.ci_high::double as ci_high, -- 95 % interval, upper end
  e.p::double as p, -- two-sided p of no effect
  e.q::double as q, -- Benjamini–Hochberg over the athlete's rows
  e.n_runs::int as n_runs, -- runs of which it is known whether they came after it
  e.n_with::int as n_with, -- of these, runs after it
  e.n_matched::int as n_matched, -- runs after drills that have a like run without; null for strength
  e.n_controls::int as n_controls, -- different runs without drills among the pairs; null for strength
  e.says::varchar as says, -- the number as a plain sentence
  e.reason::varchar as reason -- why there is no number
from acute_effect_estimate as e
order by e.athlete_id, e.contrast desc, e.metric, e.outcome
