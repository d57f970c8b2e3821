-- audit warning: speed over cadence agrees with the watch's own step length
with compared as (
  select
    run_id,
    count(*) as n,
    median(1000 * speed_mps / (cadence_spm / 60) / step_length_mm) as ratio
  from sample
  where is_steady and step_length_mm is not null and cadence_spm > 0
  group by run_id
)

select
  c.run_id as subject,
  'speed over cadence is ' || printf('%.2f', c.ratio) || ' of the watch''s own step length' as what
from compared as c
cross join limits as l
where c.n >= l.audit_min_samples and abs(c.ratio - 1) > l.audit_step_share
