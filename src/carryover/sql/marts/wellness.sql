-- grain: one athlete × date × site × side.
select
  w.athlete_id::varchar as athlete_id, -- whose
  w.local_date::date as local_date, -- date
  w.site::varchar as site, -- knee, hip …; null where none is told
  w.pain_0_10::double as pain_0_10, -- 0 none, 10 worst
  w.stiffness_0_10::double as stiffness_0_10, -- 0 none, 10 worst
  w.note::varchar as note, -- own words
  w.side::varchar as side -- left, right or both; null where not told
from store.wellness as w
join placed_content as c using (content_id)
qualify row_number() over (
  partition by w.athlete_id, w.local_date, w.site, w.side
  order by c.place desc, c.sha256 -- of several logs that tell it, the last by name
) = 1
order by all
