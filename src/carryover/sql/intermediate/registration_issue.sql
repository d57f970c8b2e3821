-- grain: one thing to know about how an athlete's question was fixed.
with outcome_words as (
  select
    s.*,
    case s.outcome when 'decay' then 'late-run drift of ' else '' end || lower(m.label) as asked,
    case s.earlier_outcome when 'decay' then 'late-run drift of ' else '' end
    || lower(e.label) as earlier
  from registration_state as s
  join metric_data as m on m.name = s.metric
  left join metric_data as e on e.name = s.earlier_metric
)

select
  'warning' as severity,
  'registrations.csv' as subject,
  f.what,
  f.remedy,
  f.athlete_id
from registration_fault as f

union all
select
  'info',
  'registrations.csv',
  earlier || ' is delivered by now, which stands before ' || asked
  || ' in the declared order; the question stays as it was fixed',
  'To ask it: primary_metric = "' || earlier_metric || '" and primary_outcome = "'
  || earlier_outcome || '" under [analysis] in carryover.toml; the change is told with its date.',
  athlete_id
from outcome_words
where is_current and earlier_metric is not null

union all
-- The file was lost or deleted, or an older version of the program fixed nothing.
select
  'info',
  'registrations.csv',
  'the question (' || asked || ') was fixed on ' || strftime(frozen_at, '%Y-%m-%d')
  || ', after an answer had been shown',
  'If there is an older registrations.csv, put it back.',
  athlete_id
from outcome_words
where is_current and version = 1 and saw_answer
