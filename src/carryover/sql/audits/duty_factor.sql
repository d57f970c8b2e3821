-- audit warning: duty factor from contact time and cadence agrees with the watch's own field 40
select
  run_id as subject,
  'our duty factor differs from the watch''s by ' || printf('%+.1f', difference) || ' points' as what
from run_identity
where identity = 'duty_factor' and not holds
