-- audit error: a fault of heart rate is in the catalogue, and such an instant has no metres a heartbeat
select
  s.run_id as subject,
  case when e.reason is null then 'the table exclusion does not know the fault ' || s.heart_rate_fault
    else 'metres a heartbeat from a faulty heart rate' end as what
from sample as s
left join exclusion as e on e.reason = s.heart_rate_fault and e.applies_to = 'heart rate'
left join sample_value as v
  on v.run_id = s.run_id and v.elapsed_s = s.elapsed_s and v.metres_per_beat is not null
where s.heart_rate_fault is not null and (e.reason is null or v.run_id is not null)
group by s.run_id, e.reason, s.heart_rate_fault
