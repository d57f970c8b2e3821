-- grain: one threshold that the models use, with where it comes from.
select
  t.name::varchar as name, -- key
  t.value::double as value, -- in `unit`
  t.unit::varchar as unit, -- unit
  t.meaning::varchar as meaning, -- what it decides
  t.source::varchar as source -- where it comes from
from threshold_data as t
order by 1
