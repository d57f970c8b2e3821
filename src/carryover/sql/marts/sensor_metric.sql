-- grain: one athlete × sensor epoch × metric: measured, or computed by the watch.
select
  o.athlete_id::varchar as athlete_id, -- whose
  o.sensor_epoch::varchar as sensor_epoch, -- watch, firmware family, and strap or pod
  o.metric::varchar as metric, -- column of run_form
  o.origin::varchar as origin, -- measured, computed or unknown
  o.r2_speed_cadence::double as r2_speed_cadence, -- share of variance that speed and cadence explain
  o.residual_sd::double as residual_sd, -- what they leave, in the metric's unit
  o.n_bins::int as n_bins, -- 2-minute bins that it rests on
  s.from_date::date as from_date, -- first run of the epoch
  s.to_date::date as to_date -- last run of the epoch
from origin as o
join sensor_epoch as s using (athlete_id, sensor_epoch)
order by all
