-- grain: one athlete × sensor epoch with contact balance: the side that its scores are told from.
-- The side is read once from a baseline period and then fixed; without one there is no score.
with worn as (
  select b.athlete_id, b.sensor_epoch, count(*) as n_balanced
  from run_metric as m
  join run_base as b using (run_id)
  where m.metric = 'stance_time_balance_pct' and m.value is not null
  group by all
)

select
  w.athlete_id::varchar as athlete_id, -- whose
  w.sensor_epoch::varchar as sensor_epoch, -- measured by
  s.baseline_side::varchar as baseline_side, -- left or right: longer contact there; null where none can be told
  coalesce(s.period, 'first weeks of this sensor')::varchar as period, -- which runs the side is read from
  s.from_date::date as from_date, -- first run of the period
  s.to_date::date as to_date, -- last run of the period
  coalesce(s.before_exposure, true)::boolean as before_exposure, -- whether no strength session lies before its end
  s.mean_pct::double as mean_pct, -- mean contact balance at reference speed in the period, % left
  s.se_pct::double as se_pct, -- its standard error; runs that resemble their neighbours count for less
  s.ci_low_pct::double as ci_low_pct, -- 95 % interval of the mean, lower end
  s.ci_high_pct::double as ci_high_pct, -- upper end
  coalesce(s.n_runs, 0)::int as n_runs, -- runs of the period with balance at reference speed
  w.n_balanced::int as n_runs_balance, -- runs of the epoch with any balance
  case
    when s.athlete_id is null then 'no run with balance at reference speed yet'
    else s.reason
  end::varchar as reason -- why there is no side
from worn as w
left join baseline_side as s using (athlete_id, sensor_epoch)
order by all
