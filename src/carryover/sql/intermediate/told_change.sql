-- grain: one run × metric × outcome × comparison: the change with its word, or the reason for none.
-- passing
select
  c.* exclude (value, reference, noise, reason),
  c.value,
  case when c.reason is null then c.reference end as reference,
  case when c.reason is null then c.value - c.reference end as change,
  case when c.reason is null then c.noise end as noise,
  case
    when c.reason is not null then null
    -- How far the level wanders by itself is not known yet: no more than likely.
    when not c.knows_slow and abs(c.value - c.reference) > c.noise then 'likely'
    else change_word(c.value - c.reference, c.noise, l.likely_z / l.mdc_z)
  end as word,
  coalesce(c.reason, case when c.noise is null then 'no noise floor' end) as reason
from change_noise as c
cross join limits as l
