-- audit error: an instant is steady or has a reason why not, never both, and the reason is in the catalogue
select
  s.run_id as subject,
  case when any_value(s.is_steady) then 'a steady instant has a reason not to be'
    else 'an instant is not steady for a reason that the table exclusion does not know' end as what
from sample as s
left join exclusion as e on e.reason = s.excluded_by and e.applies_to = 'second'
where s.is_steady is distinct from (s.excluded_by is null)
  or (s.excluded_by is not null and e.reason is null)
group by s.run_id
