-- grain: one recording: of several contents that hold it (re-saved, cut off, exported), the fullest.
select
  a.* exclude (content_id),
  a.content_id,
  sensor_epoch_text(a.manufacturer, a.device, a.serial, a.firmware, a.dynamics_source)
    as sensor_epoch
from store.activity as a
join placed_content as c using (content_id)
qualify row_number() over (
  partition by a.activity_id
  order by
    c.status = 'loaded' desc,
    -- A format that carries more channels is fuller, even with a record less.
    list_position(['fit', 'tcx', 'gpx'], c.kind) nulls last,
    a.n_records desc,
    c.sha256
) = 1
