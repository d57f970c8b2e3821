-- grain: one athlete × date × test × side.
select
  s.athlete_id::varchar as athlete_id, -- whose
  s.local_date::date as local_date, -- date
  s.test::varchar as test, -- name of the test
  s.side::varchar as side, -- left, right or both
  s.score::double as score, -- in the test's own unit
  s.note::varchar as note -- own words
from store.screening as s
join placed_content as c using (content_id)
qualify row_number() over (
  partition by s.athlete_id, s.local_date, s.test, s.side
  order by c.place desc, c.sha256 -- of several logs that tell it, the last by name
) = 1
order by all
