-- audit error: a fault of heart rate is in the catalogue, and such an instant has no metres a heartbeat
select run_id as subject, what
from sample_fault
where law = 'heart_rate_reason'
