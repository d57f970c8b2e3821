-- grain: one athlete × sensor epoch × metric: how the metric follows pace and grade, and how well that is known.
select
  b.athlete_id::varchar as athlete_id, -- whose
  b.sensor_epoch::varchar as sensor_epoch, -- watch, firmware family, and strap or pod
  b.metric::varchar as metric, -- column of run_form
  b.usable::boolean as usable, -- whether values are adjusted by it
  b.reason::varchar as reason, -- why not
  b.n_bins::int as n_bins, -- steady, level 2-minute bins that it rests on
  b.n_runs::int as n_runs, -- of so many runs
  r.reference_speed_mps::double as reference_speed_mps, -- speed that adjusted values are told at, m/s
  b.speed_low_mps::double as speed_low_mps, -- a tenth of the bins is slower, m/s
  b.speed_high_mps::double as speed_high_mps, -- a tenth of the bins is faster, m/s
  b.speed_slope::double as speed_slope, -- mean slope of the pace effect between these, unit a m/s
  b.speed_slope_se::double as speed_slope_se, -- its standard error
  b.slow_slope::double as slow_slope, -- slope of lasting changes of speed alone, unit a m/s
  b.quick_slope::double as quick_slope, -- slope of quick changes of speed alone, unit a m/s
  b.reliability::double as speed_reliability, -- share of quick changes of speed that is the runner's, not error
  b.up_slope::double as up_slope, -- what a % uphill adds, unit a %
  b.down_slope::double as down_slope, -- what a % downhill adds, unit a %
  b.hours_slope::double as hours_slope, -- what an hour on the feet adds; not taken off, unit an hour
  b.residual_sd::double as residual_sd, -- robust spread of bins about their run's level, unit
  b.run_sd::double as run_sd, -- spread of the runs' levels, unit
  b.r2_within::double as r2_within, -- share of the variance within runs that is explained
  b.knots::double[] as knots_mps, -- knots of the natural spline in speed; two are a straight line, m/s
  b.effects::double[] as effects, -- coefficients of its basis, then up and down
  s.from_date::date as from_date, -- first run of the epoch
  s.to_date::date as to_date -- last run of the epoch
from baseline as b
left join reference_speed as r using (athlete_id)
left join sensor_epoch as s using (athlete_id, sensor_epoch)
order by all
