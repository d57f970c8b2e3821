-- audit warning: speed over cadence agrees with the watch's own step length
select
  run_id as subject,
  'speed over cadence is ' || printf('%.2f', median(1000 * speed_mps / (cadence_spm / 60) / step_length_mm))
  || ' of the watch''s own step length' as what
from sample
where is_steady and step_length_mm is not null and cadence_spm > 0
group by run_id
having count(*) >= 120
  and abs(median(1000 * speed_mps / (cadence_spm / 60) / step_length_mm) - 1) > 0.1
