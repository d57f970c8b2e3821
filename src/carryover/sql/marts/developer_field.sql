-- grain: one recording × developer field, used or not.
select
  f.activity_id::varchar as activity_id, -- the recording
  f.application_id::varchar as application_id, -- the app's own key
  f.name::varchar as name, -- field name
  f.units::varchar as units, -- unit as declared
  f.channel::varchar as channel, -- our column that it fills; null where unused
  f.n_values::bigint as n_values -- records that have it
from store.developer_field as f
join recording as r using (content_id, activity_id)
order by all
