-- grain: one run × metric × outcome × comparison: change, its noise, or why there is none.
-- passing
with drift as (
  select
    r.athlete_id,
    r.sensor_epoch,
    d.run_id,
    r.started_at,
    d.local_date,
    d.metric,
    d.change_adj,
    (d.ci_high - d.ci_low) / 2 as half_width,
    d.eligible and d.change_adj is not null as is_judged,
    d.reason,
    median(d.change_adj) filter (where d.eligible) over before as usual,
    count(d.change_adj) filter (where d.eligible) over before as n_usual
  from form_decay as d
  join run as r using (run_id)
  cross join limits as l
  window before as (
    partition by r.athlete_id, r.sensor_epoch, d.metric order by d.local_date
    range between to_days(l.drift_usual_d::int) preceding and to_days(1) preceding
  )
),

level as (
  select
    s.athlete_id, s.sensor_epoch, s.run_id, s.started_at, s.local_date, s.metric,
    'level' as outcome, s.compared, s.value, s.reference, s.n1, s.n2,
    case
      when s.compared = 'usual' then t_for(l.mdc_z, n.n_runs - 1)
        * sqrt(pow(n.sem * s.spread, 2) + pow(coalesce(n.slow_run_sd, 0), 2))
      else t_for(l.mdc_z, least(n.n_runs - 1, coalesce(n.slow_span_d / l.weeks_d, n.n_runs - 1)))
        * sqrt(pow(n.sem * s.spread, 2) + pow(coalesce(n.slow_weeks_sd, 0), 2))
    end as noise,
    s.compared = 'usual' or n.slow_weeks_sd is not null as knows_slow,
    case
      when s.compared = 'usual' and not s.is_usual
        then concat(s.kind, ': only easy and long runs are held against each other')
      when not s.is_enough and s.compared = 'usual' then format(
        '{} with this sensor in the {} days before; {} are needed',
        counted(s.n2, 'easy run'), l.usual_d::int, l.compare_min_runs::int
      )
      when not s.is_enough then format(
        '{} in these {} days and {} in those before; {} are needed in each',
        counted(s.n1, 'easy run'), l.weeks_d::int, counted(s.n2, 'easy run'),
        l.compare_min_runs::int
      )
      else n.reason
    end as reason
  from form_step as s
  left join metric_noise as n using (athlete_id, sensor_epoch, metric)
  cross join limits as l
),

decay as (
  select
    d.athlete_id, d.sensor_epoch, d.run_id, d.started_at, d.local_date, d.metric,
    'decay' as outcome, 'usual' as compared, d.change_adj as value, d.usual as reference,
    1 as n1, d.n_usual as n2,
    t_for(l.mdc_z, n.n_decays - 1) * n.decay_sem * sqrt(1 + median_variance(d.n_usual)) as noise,
    true as knows_slow,
    case
      when not d.is_judged then coalesce(d.reason, 'not judged')
      when d.n_usual < l.compare_min_runs then format(
        '{} with this sensor in the {} days before; {} are needed',
        counted(d.n_usual, 'judged drift'), l.drift_usual_d::int, l.compare_min_runs::int
      )
      else n.decay_reason
    end as reason
  from drift as d
  left join metric_noise as n using (athlete_id, sensor_epoch, metric)
  cross join limits as l
),

-- A drift is a change in itself: late against early, with the run's own 95 % interval as noise.
within_run as (
  select
    d.athlete_id, d.sensor_epoch, d.run_id, d.started_at, d.local_date, d.metric,
    'decay' as outcome, 'early' as compared, d.change_adj as value, 0 as reference,
    1 as n1, 1 as n2, d.half_width as noise, true as knows_slow,
    case when not d.is_judged then coalesce(d.reason, 'not judged') end as reason
  from drift as d
)

select * from level
union all
select * from decay
union all
select * from within_run
