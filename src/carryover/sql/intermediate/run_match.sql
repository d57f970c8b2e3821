-- grain: one running recording with the run it belongs to.
-- A run is named after its athlete and the second in which its timekeeper began: the same run has
-- the same key from a FIT file, a GPX file or an archive, and keeps it when others join later.
with keyed as (
  select
    g.keeper_id,
    md5(any_value(k.athlete_id) || '|run|' || floor(epoch(any_value(k.started_at)))::bigint) as key
  from run_group as g
  join running as k on k.activity_id = g.keeper_id
  group by g.keeper_id
),

named as (
  select
    keeper_id,
    -- Two runs of one second are declared ones; the second is named after itself.
    case
      when row_number() over (partition by key order by keeper_id) = 1 then left(key, 16)
      else left(md5(key || keeper_id), 16)
    end as run_id
  from keyed
)

select
  g.activity_id,
  n.run_id,
  g.keeper_id,
  g.clock_shift_s,
  g.matched_by
from run_group as g
join named as n using (keeper_id)
