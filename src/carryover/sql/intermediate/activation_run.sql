-- grain: one session of activation drills, and the run that it prepared.
-- That is the first run which starts while the drills last or soon after: minutes that a person tells
-- are rough. Drills without a time prepared the day's first run.
select
  g.visit_id,
  any_value(g.duration_s) as duration_s,
  min_by(r.run_id, (r.started_at, r.run_id)) as run_id
from gym_session as g
cross join limits as l
join run_base as r
  on r.athlete_id = g.athlete_id
  and case
    when g.time_known
      then epoch(r.started_at) - epoch(g.started_at)
        between 0 and coalesce(g.duration_s, 0) + l.activation_before_run_s
    else r.local_date = g.local_date
  end
where g.kind = 'activation'
group by g.visit_id
