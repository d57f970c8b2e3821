-- audit warning: speed over cadence agrees with the watch's own step length
select
  run_id as subject,
  'speed over cadence is ' || printf('%.2f', 1 + difference) || ' of the watch''s own step length' as what
from run_identity
where identity = 'step_length' and not holds
