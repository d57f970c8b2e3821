-- grain: one run × metric: where in the run it starts to change, or words for none.
select
  o.run_id::varchar as run_id, -- the run
  b.athlete_id::varchar as athlete_id, -- whose
  b.local_date::date as local_date, -- the runner's own date
  o.metric::varchar as metric, -- column of run_form; none that a formula makes from others
  o.pattern::varchar as pattern, -- in words: none seen, from about 62 min, steady from the start …
  o.onset_moving_s::double as onset_moving_s, -- moving time where the change begins, s
  o.onset_distance_m::double as onset_distance_m, -- distance where it begins, m
  o.onset_ci_low_s::double as onset_ci_low_s, -- 95 % interval of that moving time, lower end, s
  o.onset_ci_high_s::double as onset_ci_high_s, -- upper end, s
  o.onset_p::double as onset_p, -- p of any bend, the search for its place paid for
  o.after_per_hour::double as after_per_hour, -- change an hour after the onset; too large for faint ones
  o.n_bins::int as n_bins, -- two-minute stretches that were searched
  o.reason::varchar as reason -- why it cannot be told
from run_onset as o
join run_base as b using (run_id)
order by o.run_id, o.metric
