-- grain: one recording × message × developer field, used or not.
-- unit: recording; order: activity_id, application_id, name, message
-- Values of one that speaks of a place are null where [privacy] hides any.
select
  f.activity_id::varchar as activity_id, -- the recording
  f.application_id::varchar as application_id, -- the app's own key; `native`: the watch's own, which gave way
  f.name::varchar as name, -- field name
  f.units::varchar as units, -- unit as declared
  f.channel::varchar as channel, -- column of sample that it fills; null where it fills none
  f.n_values::bigint as n_values, -- values it has; 0: declared and never filled
  f.message::varchar as message, -- record, lap, session …; null where it is never filled
  f.used_as::varchar as used_as, -- what became of it, and why
  case when not f.place_hidden then f.min_value end::double as min_value, -- least value, in the declared unit
  case when not f.place_hidden then f.median_value end::double as median_value, -- median, in the declared unit
  case when not f.place_hidden then f.max_value end::double as max_value, -- greatest value, in the declared unit
  case when not f.place_hidden then f.first_text end::varchar as first_text -- first value of a text
from (
  select f.*, tells_place(f.name, f.units, p.place_name, p.place_unit)
    and (len(p.discs) > 0 or not p.positions) as place_hidden
  from store.developer_field as f
  cross join privacy as p
) as f
join recording as r using (content_id, activity_id)
order by all
