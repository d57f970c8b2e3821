-- grain: one run × instant: what its recording tells, or those that it borrows from.
-- unit: run
select
  r.run_id,
  s.* exclude (content_id, activity_id)
  replace (s.recorded_at + to_microseconds((1e6 * r.clock_shift_s)::bigint) as recorded_at)
from store.sample as s
join run_recording as r using (content_id, activity_id)
where len(r.borrowed) = 0
union all by name
select * from run_borrowed
