-- grain: one athlete with a run, a session or a log: the days that the coach's rules look at.
-- `as_of` is the newest day that is known, not the clock's: the same files give the same answers. A day
-- later than the newest file is a slip of the pen and does not count.
with told as (
  select athlete_id, local_date, false as is_strength from run
  union all
  select athlete_id, local_date, kind = 'strength' from strength_session
  union all
  select athlete_id, local_date, false from wellness
  union all
  select athlete_id, local_date, false from screening
),

-- Where it is tomorrow already a file may come in a day before its own date.
come as (
  select athlete_id, max(ingested_at)::date + 1 as last_date
  from source_file
  group by athlete_id
)

select
  t.athlete_id,
  min(t.local_date) as first_date,
  max(t.local_date) as as_of,
  min(t.local_date) filter (where t.is_strength) as first_strength
from told as t
left join come as c using (athlete_id)
where t.local_date <= coalesce(c.last_date, t.local_date)
group by t.athlete_id
