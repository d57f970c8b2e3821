-- grain: one athlete × sensor epoch: from when to when, and what opened it.
-- Epochs stand in the order of their first run; each is compared with the one before it.
with epoch as (
  select
    b.athlete_id,
    b.sensor_epoch,
    min(b.local_date) as from_date,
    max(b.local_date) as to_date,
    min(b.started_at) as started_at,
    count(*) as n_runs,
    any_value(a.manufacturer) as manufacturer,
    any_value(a.device) as device,
    any_value(a.serial) as serial,
    any_value(firmware_family(a.manufacturer, a.firmware)) as firmware_family,
    any_value(coalesce(d.dynamics_source, a.dynamics_source)) as dynamics_source
  from run_base as b
  join recording as a on a.activity_id = b.timeline_id
  left join recording as d on d.activity_id = b.dynamics_id
  group by b.athlete_id, b.sensor_epoch
),

compared as (
  select
    *,
    row_number() over past as number,
    concat_ws(' ', manufacturer, device, serial)
    is distinct from lag(concat_ws(' ', manufacturer, device, serial)) over past as new_watch,
    dynamics_source is distinct from lag(dynamics_source) over past as new_source,
    firmware_family is distinct from lag(firmware_family) over past as new_firmware
  from epoch
  window past as (partition by athlete_id order by started_at, sensor_epoch)
)

select
  c.athlete_id::varchar as athlete_id, -- whose
  c.sensor_epoch::varchar as sensor_epoch, -- watch, firmware family, and strap or pod
  c.from_date::date as from_date, -- first run of it
  c.to_date::date as to_date, -- last run of it
  c.n_runs::int as n_runs, -- runs of it
  c.manufacturer::varchar as manufacturer, -- maker of the watch or app; GPX, TCX for tracks
  c.device::varchar as device, -- product
  c.serial::varchar as serial, -- serial number of the watch
  c.firmware_family::varchar as firmware_family, -- main version of its software; null where unknown
  c.dynamics_source::varchar as dynamics_source, -- watch, strap or pod with its serial, app, none
  case
    when c.number = 1 then 'first'
    else concat_ws(
      ' and ',
      case when c.new_watch then 'watch' end,
      case when c.new_source then 'strap or pod' end,
      -- Another watch has its own firmware: that is no news.
      case when c.new_firmware and not c.new_watch then 'firmware' end
    )
  end::varchar as opened_by -- first, or what differs from the epoch before: watch, strap or pod, firmware
from compared as c
order by c.athlete_id, c.from_date, c.sensor_epoch
