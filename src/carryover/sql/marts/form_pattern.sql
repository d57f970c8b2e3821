-- grain: one run × metric × tenth of moving time: how form moved over the run.
-- unit: run; order: run_id, metric, tenth
select
  p.run_id::varchar as run_id, -- the run
  b.athlete_id::varchar as athlete_id, -- whose
  b.local_date::date as local_date, -- the runner's own date
  p.metric::varchar as metric, -- column of run_form
  p.tenth::int as tenth, -- 1 is the first tenth of moving time, 10 the last
  (10 * (p.tenth - 1))::double as from_pct, -- where it begins, % of moving time
  (10 * p.tenth)::double as to_pct, -- where it ends, % of moving time
  p.centre_moving_s::double as centre_moving_s, -- moving time at its middle, s
  p.centre_distance_m::double as centre_distance_m, -- distance at its middle, m
  p.value::double as value, -- mean as recorded; null where less than half of the tenth is valid
  p.change_adj::double as change_adj, -- less the early mean (10 to 35 %), at equal speed and grade
  p.se::double as se, -- standard error of change_adj
  p.ci_low::double as ci_low, -- 95 % interval of change_adj, lower end
  p.ci_high::double as ci_high, -- upper end
  p.valid_s::double as valid_s -- seconds with a valid value, on less than 6 % grade
from run_pattern as p
join run_base as b using (run_id)
order by p.run_id, p.metric, p.tenth
