-- grain: one athlete × sensor epoch × metric: the noise floor of one run, of its drift, and of the level.
-- Rests on settled easy and long runs; where there is too little there is a reason and no number.
with known as (
  select
    athlete_id,
    sensor_epoch,
    metric,
    quantile_cont(y, 0.1) filter (where is_usual and is_settled) as low,
    quantile_cont(y, 0.9) filter (where is_usual and is_settled) as high
  from form_value
  group by all
),

wide as (
  select
    athlete_id,
    sensor_epoch,
    metric,
    max(size) filter (where part = 'run') as run_size,
    coalesce(max(n) filter (where part = 'run'), 0) as n_run,
    max(size) filter (where part = 'drift') as drift_size,
    coalesce(max(n) filter (where part = 'drift'), 0) as n_drift,
    max(size) filter (where part = 'usual step' and span_d >= slow_min_d) as run_step,
    max(spread) filter (where part = 'usual step') as run_spread,
    max(size) filter (where part = 'weeks step' and span_d >= slow_min_d) as weeks_step,
    max(spread) filter (where part = 'weeks step') as weeks_spread,
    max(span_d) filter (where part = 'weeks step') as weeks_span_d
  from noise_part
  cross join limits
  group by all
),

drift_error as (
  select r.athlete_id, r.sensor_epoch, d.metric, median(d.se) as se
  from form_decay as d
  join run as r using (run_id)
  join settled_run using (run_id)
  where d.eligible
  group by all
),

judged as (
  select
    k.*,
    l.mdc_z,
    coalesce(w.n_run, 0) as n_run,
    coalesce(w.n_drift, 0) as n_drift,
    case
      when coalesce(w.n_run, 0) < l.noise_min_runs then format(
        '{} with {} or more others within {} days; {} are needed',
        counted(coalesce(w.n_run, 0), 'easy run'),
        l.noise_min_neighbours::int, l.noise_window_d::int, l.noise_min_runs::int
      )
      when w.run_size <= 1e-9 * greatest(abs(k.high), 1) then 'the values never change, so they show no noise'
    end as reason,
    case
      when coalesce(w.n_drift, 0) < l.noise_min_runs then format(
        '{} could be judged for late-run drift; {} are needed',
        counted(coalesce(w.n_drift, 0), 'run'), l.noise_min_runs::int
      )
      when w.drift_size <= 1e-9 * greatest(abs(k.high), 1) then 'the drifts never change, so they show no noise'
    end as decay_reason,
    w.run_size,
    w.drift_size,
    w.run_step,
    w.run_spread,
    w.weeks_step,
    w.weeks_spread,
    w.weeks_span_d,
    e.se
  from known as k
  left join wide as w using (athlete_id, sensor_epoch, metric)
  left join drift_error as e using (athlete_id, sensor_epoch, metric)
  cross join limits as l
),

sized as (
  select
    *,
    case when reason is null then run_size end as sem,
    case when decay_reason is null then drift_size end as decay_sem
  from judged
)

select
  s.athlete_id::varchar as athlete_id, -- whose
  s.sensor_epoch::varchar as sensor_epoch, -- measured by
  s.metric::varchar as metric, -- column of run_form
  s.sem::double as sem, -- standard error of one run: robust SD about the median of its neighbours, in the metric's unit
  (s.mdc_z * sqrt(2) * s.sem)::double as mdc95, -- minimal detectable change of two runs, 1.96 · √2 · sem
  case when s.sem is not null then s.low end::double as usual_low, -- a tenth of easy runs lie below
  case when s.sem is not null then s.high end::double as usual_high, -- a tenth of easy runs lie above
  s.n_run::int as n_runs, -- runs that it rests on
  s.reason::varchar as reason, -- why sem is null
  wander(s.run_step, s.sem * s.run_spread)::double as slow_run_sd, -- how far the level wanders between a run and its six weeks before, beyond sem; null until half a year is known
  wander(s.weeks_step, s.sem * s.weeks_spread)::double as slow_weeks_sd, -- … and from four weeks to the next four
  s.weeks_span_d::int as slow_span_d, -- days over which such four weeks are known
  s.decay_sem::double as decay_sem, -- robust SD of late-run drift from run to run
  (s.mdc_z * sqrt(2) * s.decay_sem)::double as decay_mdc95, -- minimal detectable change of the drifts of two runs
  s.se::double as decay_se, -- median standard error of one run's drift, from within the run
  s.n_drift::int as n_decays, -- drifts that decay_sem rests on
  s.decay_reason::varchar as decay_reason, -- why decay_sem is null
  o.origin::varchar as origin -- measured, computed by the watch from pace and cadence, or unknown
from sized as s
left join origin as o using (athlete_id, sensor_epoch, metric)
order by all
