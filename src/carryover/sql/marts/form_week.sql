-- grain: one athlete × ISO week × metric × sensor epoch: mean of its runs with its noise.
with week as (
  select
    athlete_id,
    date_trunc('week', local_date)::date as week_start,
    metric,
    sensor_epoch,
    avg(value) as value,
    avg(value_adj) as value_adj,
    count(*) as n_runs,
    count(value_adj) as n_adjusted
  from run_value
  group by all
),

told as (
  select
    w.*,
    n.mdc95,
    o.origin,
    coalesce(w.value_adj, w.value) as centre,
    1.96 * n.sem / sqrt(case when w.n_adjusted > 0 then w.n_adjusted else w.n_runs end) as half
  from week as w
  left join metric_noise as n using (athlete_id, sensor_epoch, metric)
  left join origin as o using (athlete_id, sensor_epoch, metric)
)

select
  t.athlete_id::varchar as athlete_id, -- whose
  t.week_start::date as week_start, -- Monday of the ISO week
  t.metric::varchar as metric, -- column of run_form
  t.sensor_epoch::varchar as sensor_epoch, -- measured by
  t.value::double as value, -- mean of the runs' plain values
  t.value_adj::double as value_adj, -- mean of the adjusted values of the runs that have one
  (t.centre - t.half)::double as ci_low, -- 95 % interval around value_adj (else value), from the athlete's own noise
  (t.centre + t.half)::double as ci_high, -- upper end of it
  t.n_runs::int as n_runs, -- runs in the week
  t.mdc95::double as mdc95, -- minimal detectable change of single runs
  t.origin::varchar as origin -- measured, computed by the watch from pace and cadence, or unknown
from told as t
order by all
