-- grain: one night of the home, the last 400: when it ran, how long its steps took, what it found.
-- The file is as of the last build: nights that found nothing new are told when the next one builds.
-- Pages and `carryover doctor` tell them at once.
select
  h.started_at::timestamptz as started_at, -- UTC instant
  h.ended_at::timestamptz as ended_at, -- UTC instant; null while it runs and where it was cut off
  h.state::varchar as state, -- ok, nothing new, failed, cut off (no end is known) or running (as of the build)
  h.reason::varchar as reason, -- why it failed, in one line
  h.wall_s::double as wall_s, -- from start to end, s
  h.find_s::double as find_s, -- looking at the files, s; null where it did not come so far
  h.read_s::double as read_s, -- reading new files, s
  h.ledger_s::double as ledger_s, -- holding the ledger against the disk, s
  h.build_s::double as build_s, -- tables, estimates and audits, s
  h.render_s::double as render_s, -- drawing the pages, s
  h.n_found::int as n_found, -- files under data/raw/, copies too; an archive is one
  h.n_new::int as n_new, -- those of them that were read for the first time, copies once
  h.n_unreadable::int as n_unreadable, -- files that could not be looked at
  h.n_loaded::int as n_loaded, -- files of that status after the night; null where it did not end
  h.n_duplicate::int as n_duplicate, -- copies, and files whose recording another holds more fully
  h.n_partial::int as n_partial, -- partly read
  h.n_rejected::int as n_rejected, -- not readable
  h.n_unsupported::int as n_unsupported -- nothing for us in it
from night_held as h
order by h.started_at
