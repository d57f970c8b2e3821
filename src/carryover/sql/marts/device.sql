-- grain: one recording × device that it names.
select
  d.activity_id::varchar as activity_id, -- the recording
  d.device_index::varchar as device_index, -- the watch's own numbering
  d.device_type::varchar as device_type, -- heart_rate, stride_speed_distance …
  d.manufacturer::varchar as manufacturer, -- maker
  d.product::varchar as product, -- product name or number
  d.serial::varchar as serial, -- serial number
  d.firmware::varchar as firmware -- software version
from store.device as d
join recording as r using (content_id, activity_id)
order by all
