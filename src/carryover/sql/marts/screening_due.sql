-- grain: one athlete × test × side that was ever done: when last, and when it is due again.
with newest as (
  select
    s.*,
    coalesce(s.test_id, lower(s.test)) as test_key,
    c.as_of
  from screening as s
  join coach_day as c on c.athlete_id = s.athlete_id and s.local_date <= c.as_of
  qualify row_number() over (
    partition by s.athlete_id, coalesce(s.test_id, lower(s.test)), s.side
    order by s.local_date desc, s.test
  ) = 1
),

paired as (
  select
    y.athlete_id,
    coalesce(y.test_id, lower(y.test)) as test_key,
    y.limb_symmetry_pct,
    y.weaker_side,
    y.local_date as paired_on
  from screening_symmetry as y
  join coach_day as c on c.athlete_id = y.athlete_id and y.local_date <= c.as_of
  qualify row_number() over (
    partition by y.athlete_id, coalesce(y.test_id, lower(y.test)) order by y.local_date desc
  ) = 1
),

due as (
  select
    n.*,
    coalesce(t.name, n.test) as name,
    d.sessions >= l.screening_block_sessions as is_block,
    case when d.sessions >= l.screening_block_sessions then l.screening_block_d else l.screening_rest_d end
      ::int as interval_d
  from newest as n
  join advice_day as d on d.athlete_id = n.athlete_id and d.local_date = n.as_of
  left join screening_test as t on t.test_id = n.test_id
  cross join limits as l
)

select
  d.athlete_id::varchar as athlete_id, -- whose
  d.name::varchar as test, -- its name; as told where it is not known
  d.test_id::varchar as test_id, -- key of the table screening_test; null where it has none
  d.side::varchar as side, -- left, right or both; null where not told
  d.local_date::date as last_date, -- done last on
  d.score::double as score, -- that day, in the unit
  d.unit::varchar as unit, -- reps, s, kg …; null where not told
  datediff('day', d.local_date, d.as_of)::int as since_d, -- days from then to the newest known day
  coalesce(d.is_block, false)::boolean as is_block, -- whether a block of strength runs: four sessions or more in four weeks
  d.interval_d::int as interval_d, -- days between tests: 42 in a block of strength, 84 otherwise
  (d.local_date + d.interval_d)::date as due_date, -- due on
  (d.local_date + d.interval_d <= d.as_of)::boolean as is_due, -- due by the newest known day
  p.limb_symmetry_pct::double as limb_symmetry_pct, -- 100 × smaller ÷ larger side of the newest day with both, %
  p.weaker_side::varchar as weaker_side, -- left or right on that day; null where even or not known
  p.paired_on::date as symmetry_date, -- that day
  case
    when d.local_date + d.interval_d <= d.as_of then 'due since ' || day_words(d.local_date + d.interval_d)
    else 'due on ' || day_words(d.local_date + d.interval_d)
  end || format(', {} weeks after {}{}', d.interval_d // 7, day_words(d.local_date),
    case when d.is_block then ', as a block of strength runs' else '' end)::varchar as says -- the same in words
from due as d
left join paired as p using (athlete_id, test_key)
order by d.athlete_id, test, d.side
