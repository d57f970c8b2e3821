-- audit warning: duty factor from contact and cadence agrees with the watch's own field 40
select
  run_id as subject,
  'our duty factor differs from the watch''s by '
  || printf('%.1f', median(100 * stance_time_ms / 1000 * cadence_spm / 2 / 60 - stance_time_percent))
  || ' points' as what
from sample
where is_steady and stance_time_percent is not null and stance_time_ms is not null
group by run_id
having count(*) >= 120
  and abs(median(100 * stance_time_ms / 1000 * cadence_spm / 2 / 60 - stance_time_percent)) > 1.5
