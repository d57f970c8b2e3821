-- grain: one athlete × sensor epoch × metric × tenth of moving time: the usual pattern of long runs.
select
  athlete_id::varchar as athlete_id, -- whose
  sensor_epoch::varchar as sensor_epoch, -- watch, and strap or pod
  metric::varchar as metric, -- column of run_form
  tenth::int as tenth, -- 1 is the first tenth of moving time, 10 the last
  (10 * (tenth - 1))::double as from_pct, -- where it begins, % of moving time
  (10 * tenth)::double as to_pct, -- where it ends, % of moving time
  change_adj::double as change_adj, -- mean change from early on, at equal speed and grade
  se::double as se, -- standard error of that mean
  ci_low::double as ci_low, -- 95 % interval of the mean, lower end
  ci_high::double as ci_high, -- upper end
  run_sd::double as run_sd, -- how runs differ beyond their own noise, SD
  usual_low::double as usual_low, -- where the measured change of one more run lies in 95 %, lower end
  usual_high::double as usual_high, -- upper end
  n_runs::int as n_runs -- runs that tell this tenth; numbers are null below 5
from usual_pattern
order by athlete_id, sensor_epoch, metric, tenth
