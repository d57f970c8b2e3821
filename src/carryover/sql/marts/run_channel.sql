-- grain: one run of several recordings × channel group: which recording gives it, and why.
select
  c.run_id::varchar as run_id, -- the run
  c.channel_group::varchar as channel_group, -- dynamics, cadence, heart_rate, position, altitude, speed …
  c.activity_id::varchar as activity_id, -- the recording that gives it
  c.channel_kind::varchar as source_kind, -- pod, strap, watch, copy or track
  (c.activity_id <> r.activity_id)::boolean as is_borrowed, -- from another recording than the timeline's
  c.clock_shift_s::double as clock_shift_s, -- what brings its clock to the run's, s
  c.known_s::double as known_s, -- how long it knows the channel, s
  c.reason::varchar as reason -- why this source goes first
from channel_choice as c
join run_recording as r using (run_id)
order by c.run_id, c.channel_group
