-- grain: one run × broken law of its instants (laws: names of audits).
-- unit: run; order: run_id, law, what
select distinct run_id, 'sample_order' as law, 'an instant does not come after the one before' as what
from (
  select run_id, recorded_at <= lag(recorded_at) over (partition by run_id order by elapsed_s) as back
  from sample
)
where back

union all

select distinct
  s.run_id,
  'heart_rate_reason',
  case when e.reason is null then 'the table exclusion does not know the fault ' || s.heart_rate_fault
    else 'metres a heartbeat from a faulty heart rate' end
from sample as s
left join exclusion_data as e on e.reason = s.heart_rate_fault and e.applies_to = 'heart rate'
left join sample_value as v
  on v.run_id = s.run_id and v.elapsed_s = s.elapsed_s and v.metres_per_beat is not null
where s.heart_rate_fault is not null and (e.reason is null or v.run_id is not null)

union all

select
  s.run_id,
  'steady_reason',
  case when bool_or(s.is_steady) then 'a steady instant has a reason not to be'
    else 'an instant is not steady for a reason that the table exclusion does not know' end
from sample as s
left join exclusion_data as e on e.reason = s.excluded_by and e.applies_to = 'second'
where s.is_steady is distinct from (s.excluded_by is null)
  or (s.excluded_by is not null and e.reason is null)
group by s.run_id
