-- grain: one entry of [[kind]] × run that it may mean; one that means nothing has a null run.
-- A run is named by its key, its day, or its day and time (the nearest start counts).
with said as (
  select
    *,
    try_cast(left(run, 10) as date) as local_date,
    case when length(run) > 10 then try_cast(run as timestamp) end as local_start
  from declared_kind
),

meant as (
  select
    s.entry,
    b.run_id,
    b.local_start,
    abs(epoch(b.local_start) - epoch(s.local_start)) as off_s
  from said as s
  cross join limits as l
  join run_base as b
    on b.athlete_id = coalesce(s.athlete_id, b.athlete_id)
    and (
      b.run_id = s.run
      or (length(s.run) = 10 and b.local_date = s.local_date)
      or abs(epoch(b.local_start) - epoch(s.local_start)) <= l.kind_named_s
    )
  qualify off_s is null or row_number() over (partition by s.entry order by off_s, b.run_id) = 1
)

select
  s.entry,
  s.run,
  s.kind,
  s.local_date,
  s.athlete_id,
  m.run_id,
  m.local_start,
  count(m.run_id) over (partition by s.entry) as n_meant,
  row_number() over (partition by m.run_id order by s.entry desc) as nth_of_run
from said as s
left join meant as m using (entry)
