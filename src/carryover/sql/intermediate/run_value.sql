-- grain: one run × metric of run_form: plain and adjusted value, long.
with plain as (
  select run_id, metric, value, valid_s from run_metric where value is not null
  union all
  select run_id, 'hr_decoupling_ratio', hr_decoupling_ratio, null from run_decoupling
)

select
  b.athlete_id,
  b.sensor_epoch,
  b.run_id,
  b.started_at,
  b.local_date,
  p.metric,
  p.value,
  -- Decoupling is a ratio of a run to itself: there is no speed to adjust it to.
  case when p.metric = 'hr_decoupling_ratio' then p.value else a.value_adj end as value_adj
from plain as p
join run_base as b using (run_id)
left join run_metric_adj as a using (run_id, metric)
