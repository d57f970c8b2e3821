-- grain: one athlete × date × test × side.
select
  s.athlete_id::varchar as athlete_id, -- whose
  s.local_date::date as local_date, -- date
  s.test::varchar as test, -- name of the test as told
  s.side::varchar as side, -- left, right or both
  s.score::double as score, -- in the row's unit
  s.note::varchar as note, -- own words
  s.test_id::varchar as test_id, -- key of the table screening_test; null where it has none
  s.unit::varchar as unit, -- reps, s, kg …; null where not told and not the test's only one
  t.kind::varchar as kind -- movement, strength or range; null where the test is not known
from store.screening as s
join placed_content as c using (content_id)
left join screening_test_data as t using (test_id)
qualify row_number() over (
  partition by s.athlete_id, s.local_date, coalesce(s.test_id, lower(s.test)), s.side
  order by c.place desc, c.sha256 -- of several logs that tell it, the last by name
) = 1
order by all
