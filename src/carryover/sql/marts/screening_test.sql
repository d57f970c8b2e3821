-- grain: one test of movement, strength or range that the catalogue knows.
select
  t.test_id::varchar as test_id, -- key
  t.name::varchar as name, -- its name
  t.kind::varchar as kind, -- movement, strength or range
  t.better::varchar as better, -- up or down: which way its score is better
  t.per_side::boolean as per_side, -- whether left and right are tested apart
  string_agg(u.unit, ', ' order by u.unit)::varchar as units, -- units it is told in
  t.source::varchar as source -- after whom, or a row of our own
from screening_test_data as t
left join screening_unit_data as u using (test_id)
group by all
order by 1
