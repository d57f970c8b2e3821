-- grain: one athlete × exposure × family of outcomes: a summary beside the primary.
select
  f.athlete_id::varchar as athlete_id, -- whose
  f.exposure::varchar as exposure, -- what was dosed
  f.family::varchar as family, -- late-run drift, level, symmetry, or economy and durability
  f.tau_d::double as tau_d, -- days over which a session fades to 37 %
  f.n_metrics::int as n_metrics, -- members that testify and have enough data
  f.metrics::varchar as metrics, -- their names
  f.p_family::double as p_family, -- share of shifted dose calendars that fit the best member as well or better
  f.largest_metric::varchar as largest_metric, -- member that fits the calendar best
  f.n_oriented::int as n_oriented, -- members with a good side, which make the mean
  f.effect_sd::double as effect_sd, -- change of their mean that goes with two sessions a week, in residual SD of one run; positive is the good side
  f.ci_low_sd::double as ci_low_sd, -- its 95 % interval, lower end
  f.ci_high_sd::double as ci_high_sd, -- its 95 % interval, upper end
  f.n_runs::int as n_runs, -- runs of that mean
  f.sentence::varchar as sentence -- what it says, in a runner's words
from carry_over_families as f
order by f.athlete_id, f.exposure, f.family
