-- audit warning: vertical ratio agrees with oscillation over step length
select
  run_id as subject,
  'the device''s vertical ratio differs from oscillation over step length by '
  || printf('%+.1f', difference) || ' points' as what
from run_identity
where identity = 'vertical_ratio' and not holds
