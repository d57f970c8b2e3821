-- audit warning: left and right contact are twice the contact time
select
  run_id as subject,
  'the mean of left and right contact differs from contact time by '
  || printf('%+.0f', difference) || ' ms' as what
from run_identity
where identity = 'contact_sides' and not holds
