-- audit error: a run stands once
select run_id as subject, 'this run stands ' || count(*) || ' times' as what
from run
group by run_id
having count(*) > 1
