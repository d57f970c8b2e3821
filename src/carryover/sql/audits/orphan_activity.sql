-- audit error: a recording of a run points to a run that is there
select a.activity_id as subject, 'its run ' || a.run_id || ' is missing' as what
from activity as a
left join run as r using (run_id)
where a.run_id is not null and r.run_id is null
