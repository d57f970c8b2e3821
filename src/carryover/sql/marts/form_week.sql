-- grain: one athlete × ISO week × metric × sensor epoch: mean of its runs with its noise.
select
  v.athlete_id::varchar as athlete_id, -- whose
  date_trunc('week', v.local_date)::date as week_start, -- Monday of the ISO week
  v.metric::varchar as metric, -- column of run_form
  v.sensor_epoch::varchar as sensor_epoch, -- measured by
  avg(v.value)::double as value, -- mean of the runs' plain values
  avg(v.value_adj)::double as value_adj, -- mean of the runs' adjusted values
  (avg(coalesce(v.value_adj, v.value)) - 1.96 * any_value(n.sem) / sqrt(count(*)))::double
    as ci_low, -- 95 % interval around value_adj (else value), from the athlete's own noise
  (avg(coalesce(v.value_adj, v.value)) + 1.96 * any_value(n.sem) / sqrt(count(*)))::double
    as ci_high, -- upper end of it
  count(*)::int as n_runs, -- runs in the week
  any_value(n.mdc95)::double as mdc95 -- minimal detectable change of single runs
from run_value as v
left join metric_noise as n using (athlete_id, sensor_epoch, metric)
group by all
order by all
