-- grain: one run × metric: late minus early form, with its error or the reason for none.
select
  d.run_id::varchar as run_id, -- the run
  b.athlete_id::varchar as athlete_id, -- whose
  b.local_date::date as local_date, -- the runner's own date
  d.metric::varchar as metric, -- column of run_form
  d.early::double as early, -- mean of 10 to 35 % of moving time, after minute 8
  d.late::double as late, -- mean of 75 to 100 % of moving time, less the last minute
  d.change::double as change, -- late − early as recorded
  d.change_adj::double as change_adj, -- late − early at equal speed and grade
  d.change_adj_huber::double as change_adj_huber, -- the same, robust against odd bins
  d.se::double as se, -- standard error of change_adj
  d.ci_low::double as ci_low, -- 95 % interval of change_adj, lower end
  d.ci_high::double as ci_high, -- upper end
  d.per_hour::double as per_hour, -- change_adj an hour of moving
  d.per_10km::double as per_10km, -- change_adj over 10 km
  d.eligible::boolean as eligible, -- whether the run can tell at all
  d.reason::varchar as reason, -- why not
  o.origin::varchar as origin -- measured, computed by the watch from pace and cadence, or unknown
from decay as d
join run_base as b using (run_id)
left join origin as o
  on o.athlete_id = b.athlete_id and o.sensor_epoch = b.sensor_epoch and o.metric = d.metric
order by d.run_id, d.metric
