-- grain: one run × lap of the recording that keeps its timeline.
select
  r.run_id::varchar as run_id, -- the run
  l.lap_index::int as lap_index, -- from 0
  l.started_at::timestamptz as started_at, -- UTC instant
  l.elapsed_s::double as elapsed_s, -- s
  l.moving_s::double as moving_s, -- timer time, s
  l.distance_m::double as distance_m, -- m
  l.trigger::varchar as trigger, -- what ended it: button, distance …
  l.intensity::varchar as intensity -- part of a workout on the watch: active, rest, warmup …
from store.lap as l
join run_recording as r using (content_id, activity_id)
order by all
