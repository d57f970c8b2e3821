-- grain: one athlete × sensor epoch: what a warmer day does to metres a heartbeat.
select
  t.athlete_id::varchar as athlete_id, -- whose
  t.sensor_epoch::varchar as sensor_epoch, -- measured by
  t.metric::varchar as metric, -- column of run_form that it adjusts
  t.slope_per_c::double as slope_per_c, -- change a degree warmer, in the metric's unit; null where it cannot be told
  t.slope_se_per_c::double as slope_se_per_c, -- standard error of it
  t.reference_temperature_c::double as reference_temperature_c, -- the athlete's median: adjusted values are at this temperature, °C
  t.temperature_sd_c::double as temperature_sd_c, -- spread of temperature about its season, °C
  t.n_runs::int as n_runs, -- runs that it rests on
  t.usable::boolean as usable, -- values are adjusted by it
  t.reason::varchar as reason -- why not; null where they are
from temperature_fit as t
order by t.athlete_id, t.sensor_epoch
