-- grain: one athlete × block: a stretch with the strength habit, or one without it.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.block_number::int as block_number, -- 1 is the log's first
  e.is_on::boolean as is_on, -- whether the habit was on
  e.from_date::date as from_date, -- first day: on, the first session; off, the day after the last one of that rate
  e.to_date::date as to_date, -- last day, which is in it
  e.n_weeks::double as n_weeks, -- its length in weeks
  e.n_sessions::int as n_sessions, -- strength sessions in it
  e.sessions_per_week::double as sessions_per_week, -- sessions a week
  e.dose::double as dose, -- sum of dose; the athlete's median session is 1
  e.start_known::boolean as start_known, -- false for the first: it may be older than the log
  e.end_known::boolean as end_known -- false for the last: it goes on
from strength_block_estimate as e
order by e.athlete_id, e.block_number
