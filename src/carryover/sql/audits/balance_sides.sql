-- audit warning: the left share of both sides' contact is the balance
select
  run_id as subject,
  'left over both sides'' contact differs from balance by ' || printf('%+.1f', difference)
  || ' points' as what
from run_identity
where identity = 'balance_sides' and not holds
