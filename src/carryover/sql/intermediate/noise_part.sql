-- grain: one athlete × sensor epoch × metric × part: its robust size, in the metric's unit.
-- Parts: run (one run about its neighbours), usual step and weeks step (changes as they came),
-- drift (one late-run drift about all others). Values beyond three robust SDs count as three.
with neighbours as (
  select
    v.*,
    median(y) over around as middle,
    count(*) over around as n_around
  from form_value as v
  cross join limits as l
  where is_usual and is_settled
  -- The run itself stays out of its own median, or the median would eat its noise.
  window around as (
    partition by athlete_id, sensor_epoch, metric order by local_date
    range between to_days(l.noise_window_d::int) preceding
    and to_days(l.noise_window_d::int) following
    exclude current row
  )
),

drift as (
  select
    r.sensor_epoch,
    d.*,
    median(d.change_adj) over others as middle,
    count(*) over others as n_others
  from form_decay as d
  join run as r using (run_id)
  join settled_run using (run_id)
  where d.eligible and d.change_adj is not null
  window others as (
    partition by d.athlete_id, r.sensor_epoch, d.metric order by d.run_id
    rows between unbounded preceding and unbounded following exclude current row
  )
),

deviation as (
  select
    athlete_id, sensor_epoch, metric, local_date, 'run' as part,
    (y - middle) / sqrt(1 + median_variance(n_around)) as z,
    null as spread
  from neighbours
  cross join limits as l
  where n_around >= l.noise_min_neighbours
  union all
  select athlete_id, sensor_epoch, metric, local_date, concat(compared, ' step'), change, spread
  from form_step
  where is_usual and is_enough and is_settled
  union all
  select
    athlete_id, sensor_epoch, metric, local_date, 'drift',
    (change_adj - middle) / sqrt(1 + median_variance(n_others)),
    null
  from drift
  where n_others > 0
),

bounded as (
  select
    d.*,
    l.outlier_sds * 1.4826 * nullif(
      median(abs(z)) over (partition by athlete_id, sensor_epoch, metric, part), 0
    ) as bound
  from deviation as d
  cross join limits as l
)

select
  athlete_id,
  sensor_epoch,
  metric,
  part,
  sqrt(avg(pow(least(abs(z), coalesce(bound, abs(z))), 2))) as size,
  sqrt(avg(pow(spread, 2))) as spread,
  count(*) as n,
  max(local_date) - min(local_date) as span_d
from bounded
group by athlete_id, sensor_epoch, metric, part
