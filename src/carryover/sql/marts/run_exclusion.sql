-- grain: one run × reason: how much of the run does not count because of it.
-- unit: run; order: run_id, reason
-- A second has one reason of its own; a steady one may be lost with its stretch; a heart rate's
-- fault is told beside, since the second may count for everything else.
with found as (
  select run_id, exclusion_key, sum(exact(covered_s)) as excluded_s
  from sample_gait
  where exclusion_key is not null
  group by run_id, exclusion_key
  union all
  select b.run_id, e.exclusion_key, sum(exact(b.steady_s))
  from run_bin as b
  join exclusion_data as e on e.reason = b.excluded_by and e.applies_to = 'stretch'
  group by b.run_id, e.exclusion_key
  union all
  select g.run_id, f.fault_key, sum(exact(g.covered_s))
  from sample_gait as g
  cross join limits as l
  join heart_rate_fault as f
    on f.run_id = g.run_id and f.part = floor(g.elapsed_s / l.heart_rate_part_s)::int
  where g.heart_rate_bpm is not null
  group by g.run_id, f.fault_key
),

total as (
  select run_id, max(moving_s) as moving_s
  from sample_gait
  group by run_id
)

select
  f.run_id::varchar as run_id, -- the run
  coalesce(e.reason, f.exclusion_key)::varchar as reason, -- why (table exclusion)
  e.applies_to::varchar as applies_to, -- second, stretch or heart rate
  f.excluded_s::double as excluded_s, -- time that does not count because of it, s
  (f.excluded_s / nullif(t.moving_s, 0))::double as moving_share -- the same as a share of the run's moving time; standing and pauses may exceed it
from found as f
join total as t using (run_id)
left join exclusion_data as e using (exclusion_key)
where f.excluded_s > 0
order by f.run_id, e.place
