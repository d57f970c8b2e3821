-- audit warning: duty factor from contact and cadence agrees with the watch's own field 40
with compared as (
  select
    run_id,
    count(*) as n,
    median(duty_factor_pct(stance_time_ms, cadence_spm) - stance_time_percent) as off
  from sample
  where is_steady and stance_time_percent is not null and stance_time_ms is not null
  group by run_id
)

select
  c.run_id as subject,
  'our duty factor differs from the watch''s by ' || printf('%.1f', c.off) || ' points' as what
from compared as c
cross join limits as l
where c.n >= l.audit_min_samples and abs(c.off) > l.audit_duty_factor_pct
