-- grain: one session × exposure that it doses.
-- 0 is a session known to hold none; what cannot be known has no row. Left and right are one-sided
-- strength work, in the unit of strength.
with told as (
  select session_id, 'strength' as exposure, dose
  from strength_session
  where kind = 'strength'

  union all

  -- An exposure that no session holds has no channel: all that is known of it is 0.
  select
    a.visit_id,
    a.exposure,
    case when a.amount = 0 then 0 else a.amount / c.usual end
  from session_amount as a
  left join exposure_channel as c using (athlete_id, exposure)
  where a.channel = c.channel or (c.channel is null and a.rank = 1)

  union all

  select
    session_id,
    unnest(['left', 'right', 'left_minus_right']),
    unnest([left_dose, right_dose, round(left_dose - right_dose, 9)])
  from session_side
)

select
  s.session_id::varchar as session_id, -- the session
  s.athlete_id::varchar as athlete_id, -- whose
  t.exposure::varchar as exposure, -- strength, activation, hill_strides, upper_body, left, right, left_minus_right
  s.started_at::timestamptz as started_at, -- UTC instant; local noon where no time is known
  s.time_known::boolean as time_known, -- whether a time of day is known
  s.local_date::date as local_date, -- the athlete's own date
  t.dose::double as dose -- 1 is the athlete's median session of this exposure, of strength for a side
from told as t
join strength_session as s using (session_id)
where t.dose is not null
order by all
