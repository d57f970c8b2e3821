-- grain: one session × exposure that it doses.
select
  s.session_id::varchar as session_id, -- the session
  s.athlete_id::varchar as athlete_id, -- whose
  'strength'::varchar as exposure, -- strength: glute strength work
  s.started_at::timestamptz as started_at, -- UTC instant; local noon where no time is known
  s.local_date::date as local_date, -- the athlete's own date
  s.dose::double as dose -- the athlete's median session of this exposure is 1
from strength_session as s
where s.kind = 'strength' and s.dose is not null
order by all
