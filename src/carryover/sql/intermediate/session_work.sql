-- grain: one session: a gym visit, or hill strides recognised in a run; what a log tells of these is
-- one with them, under the log's key.
select
  g.* replace (
    coalesce(h.started_at, g.started_at) as started_at,
    g.time_known or h.run_id is not null as time_known,
    coalesce(h.duration_s, g.duration_s) as duration_s,
    coalesce(h.n_sets, g.n_sets) as n_sets,
    coalesce(h.n_sets, g.glute_sets) as glute_sets,
    g.n_sources + (h.run_id is not null)::int as n_sources,
    coalesce(g.note, case when h.run_id is not null then 'recognised in the run' end) as note
  ),
  h.run_id as in_run_id
from gym_session as g
left join hill_session as h on h.log_id = g.visit_id

union all by name

select
  visit_id,
  athlete_id,
  started_at,
  true as time_known,
  local_date,
  'hill_strides' as kind,
  duration_s,
  n_sets,
  n_sets as glute_sets,
  1 as n_sources,
  'recognised in the run' as note,
  run_id as in_run_id
from hill_session
where log_id is null
