-- grain: one run with hill strides recognised in it, and the logged session that tells of the same.
-- Log and run are paired when they are nearest to each other on that day and within the tolerance, or
-- the log knows no time.
with recognised as (
  select
    r.run_id,
    r.athlete_id,
    r.local_date,
    r.started_at + to_milliseconds(1000 * min(h.started_elapsed_s)) as started_at,
    sum(h.duration_s) as duration_s,
    count(*) as n_sets
  from hill_stride as h
  join run_base as r using (run_id)
  group by r.run_id, r.athlete_id, r.local_date, r.started_at
),

pair as (
  select
    h.run_id,
    h.started_at,
    g.visit_id,
    case when g.time_known then abs(epoch(g.started_at) - epoch(h.started_at)) else 0 end as apart_s
  from recognised as h
  join gym_session as g
    on g.athlete_id = h.athlete_id and g.local_date = h.local_date and g.kind = 'hill_strides'
),

mutual as (
  select p.*
  from pair as p
  cross join limits as l
  where p.apart_s <= l.stride_log_match_s
  qualify
    row_number() over (partition by p.run_id order by p.apart_s, p.visit_id) = 1
    and row_number() over (partition by p.visit_id order by p.apart_s, p.started_at, p.run_id) = 1
)

select
  h.*,
  m.visit_id as log_id,
  coalesce(m.visit_id, left(sha256('hill_strides|' || h.run_id), 16)) as visit_id
from recognised as h
left join mutual as m using (run_id)
