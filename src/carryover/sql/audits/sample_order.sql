-- audit error: instants of a run must rise
select run_id as subject, 'an instant does not come after the one before' as what
from (
  select run_id, recorded_at <= lag(recorded_at) over (partition by run_id order by elapsed_s) as back
  from sample
)
where back
group by run_id
