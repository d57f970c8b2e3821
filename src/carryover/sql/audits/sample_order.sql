-- audit error: instants of a run must rise
select run_id as subject, what
from sample_fault
where law = 'sample_order'
