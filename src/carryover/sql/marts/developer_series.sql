-- grain: one recording × numeric developer field that fills no column of sample.
-- unit: recording; order: activity_id, application_id, name
-- One that speaks of a place is left out where [privacy] hides any.
-- One row an instant: select activity_id, unnest(elapsed_s), unnest(value) from developer_series.
select
  s.activity_id::varchar as activity_id, -- the recording
  s.application_id::varchar as application_id, -- the app's own key; `native`: the watch's own, which gave way
  s.name::varchar as name, -- field name
  s.units::varchar as units, -- unit as declared
  s.elapsed_s::double[] as elapsed_s, -- since the first record, s, rising
  s.value::double[] as value -- values as declared, one for each elapsed_s, none null
from store.developer_series as s
join recording as r using (content_id, activity_id)
cross join privacy as p
where not (tells_place(s.name, s.units, p.place_name, p.place_unit)
    and (len(p.discs) > 0 or not p.positions))
order by s.activity_id, s.application_id, s.name, s.units
