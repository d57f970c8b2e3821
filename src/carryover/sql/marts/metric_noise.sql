-- grain: one athlete × sensor epoch × metric: the noise floor of a single run.
-- Rests on runs outdoors that are neither workouts nor races, around the running six-week median.
with easy as (
  select
    v.*,
    limits.noise_window_d,
    -- Adjusted and plain values are never mixed: their difference is no noise.
    case
      when count(v.value_adj) over (partition by v.athlete_id, v.sensor_epoch, v.metric) > 0
        then v.value_adj
      else v.value
    end as y
  from run_value as v
  join run as r using (run_id)
  cross join limits
  where r.kind in ('easy', 'long', 'hilly', 'track')
  qualify y is not null
),

centred as (
  select
    *,
    y - median(y) over (
      partition by athlete_id, sensor_epoch, metric
      order by local_date
      range between to_days(noise_window_d::int) preceding
      and to_days(noise_window_d::int) following
    ) as residual
  from easy
)

select
  c.athlete_id::varchar as athlete_id, -- whose
  c.sensor_epoch::varchar as sensor_epoch, -- measured by
  c.metric::varchar as metric, -- column of run_form
  stddev_samp(c.residual)::double as sem, -- standard error of one run, in the metric's unit
  (1.96 * sqrt(2) * stddev_samp(c.residual))::double as mdc95, -- minimal detectable change of two runs
  quantile_cont(c.y, 0.1)::double as usual_low, -- a tenth of easy runs lie below
  quantile_cont(c.y, 0.9)::double as usual_high, -- a tenth of easy runs lie above
  count(*)::int as n_runs -- runs that it rests on
from centred as c
cross join limits as l
group by c.athlete_id, c.sensor_epoch, c.metric, l.noise_min_runs
having count(*) >= l.noise_min_runs
order by all
