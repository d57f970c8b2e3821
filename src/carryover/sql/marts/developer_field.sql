-- grain: one recording × message × developer field, used or not.
select
  f.activity_id::varchar as activity_id, -- the recording
  f.application_id::varchar as application_id, -- the app's own key; `native`: the watch's own, which gave way
  f.name::varchar as name, -- field name
  f.units::varchar as units, -- unit as declared
  f.channel::varchar as channel, -- column of sample that it fills; null where it fills none
  f.n_values::bigint as n_values, -- values it has; 0: declared and never filled
  f.message::varchar as message, -- record, lap, session …; null where it is never filled
  f.used_as::varchar as used_as, -- what became of it, and why
  f.min_value::double as min_value, -- least value, in the declared unit
  f.median_value::double as median_value, -- median, in the declared unit
  f.max_value::double as max_value, -- greatest value, in the declared unit
  f.first_text::varchar as first_text -- first value of a text
from store.developer_field as f
join recording as r using (content_id, activity_id)
order by all
