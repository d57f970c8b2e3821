-- grain: one form metric: what it is called, its unit and what it means.
select
  m.name::varchar as metric, -- column of run_form
  m.label::varchar as label, -- as a person says it
  m.unit::varchar as unit, -- unit
  m.meaning::varchar as meaning, -- in one sentence
  m.source::varchar as source -- field or formula
from metric_data as m
order by 1
