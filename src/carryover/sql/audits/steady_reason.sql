-- audit error: an instant is steady or has a reason why not, never both, and the reason is in the catalogue
select run_id as subject, what
from sample_fault
where law = 'steady_reason'
