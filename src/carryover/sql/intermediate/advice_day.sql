-- grain: one athlete × date with a word on pain or stiffness, and the newest known day: what was done in the four weeks to it.
with day as (
  select w.athlete_id, w.local_date
  from wellness as w
  join coach_day as c on c.athlete_id = w.athlete_id and w.local_date <= c.as_of
  where w.pain_0_10 is not null or w.stiffness_0_10 is not null
  union
  select athlete_id, as_of from coach_day
),

near as (
  select
    d.athlete_id,
    d.local_date,
    datediff('day', s.local_date, d.local_date) as ago_d,
    s.dose,
    s.dose is distinct from 0 as counts
  from day as d
  cross join limits as l
  join strength_session as s
    on s.athlete_id = d.athlete_id and s.kind = 'strength'
    and s.local_date between d.local_date - 2 * l.weeks_d::int + 1 and d.local_date
),

lifted as (
  select
    n.athlete_id,
    n.local_date,
    day_sum(n.dose, n.ago_d < l.weeks_d) as dose,
    day_sum(n.dose, n.ago_d >= l.weeks_d) as dose_before,
    count(*) filter (where n.counts and n.ago_d < l.weeks_d) as sessions,
    count(*) filter (where n.counts and n.ago_d >= l.weeks_d) as sessions_before,
    count(*) filter (where n.counts and n.ago_d < l.advice_d) as sessions_lately
  from near as n
  cross join limits as l
  group by n.athlete_id, n.local_date
),

ran as (
  select
    d.athlete_id,
    d.local_date,
    count(*) filter (where r.local_date > d.local_date - l.weeks_d::int) as runs,
    sum(r.distance_m) filter (where r.local_date > d.local_date - l.weeks_d::int) as distance_m,
    count(*) filter (where r.local_date <= d.local_date - l.weeks_d::int) as runs_before,
    sum(r.distance_m) filter (where r.local_date <= d.local_date - l.weeks_d::int) as distance_before_m
  from day as d
  cross join limits as l
  join run as r
    on r.athlete_id = d.athlete_id
    and r.local_date between d.local_date - 2 * l.weeks_d::int + 1 and d.local_date
  group by d.athlete_id, d.local_date
),

-- The week's cadence by the sensor with most runs in it.
stepped as (
  select d.athlete_id, d.local_date, coalesce(f.value_adj, f.value) as cadence_spm
  from day as d
  join form_week as f
    on f.athlete_id = d.athlete_id and f.metric = 'cadence_spm'
    and f.week_start = date_trunc('week', d.local_date)::date
  qualify row_number() over (
    partition by d.athlete_id, d.local_date order by f.n_runs desc, f.sensor_epoch
  ) = 1
),

changed as (
  select d.athlete_id, d.local_date, c.change, c.noise, c.word, c.reason
  from day as d
  cross join limits as l
  join told_change as c
    on c.athlete_id = d.athlete_id and c.metric = 'cadence_spm'
    and c.outcome = 'level' and c.compared = 'weeks'
    and c.local_date between d.local_date - l.weeks_d::int + 1 and d.local_date
  qualify row_number() over (
    partition by d.athlete_id, d.local_date order by c.started_at desc, c.run_id desc
  ) = 1
)

select
  d.athlete_id,
  d.local_date,
  -- Before the first logged session nobody knows what was done.
  case when d.local_date >= c.first_strength then if(g.athlete_id is null, 0, g.dose) end as dose,
  case when d.local_date - l.weeks_d::int >= c.first_strength
    then if(g.athlete_id is null, 0, g.dose_before) end as dose_before,
  case when d.local_date >= c.first_strength then coalesce(g.sessions, 0) end as sessions,
  case when d.local_date - l.weeks_d::int >= c.first_strength then coalesce(g.sessions_before, 0) end
    as sessions_before,
  coalesce(g.sessions_lately, 0) as sessions_lately,
  coalesce(r.runs, 0) as runs,
  case when coalesce(r.runs, 0) = 0 then 0 else r.distance_m end as distance_m,
  case when d.local_date - l.weeks_d::int >= c.first_date
    then case when coalesce(r.runs_before, 0) = 0 then 0 else r.distance_before_m end end as distance_before_m,
  s.cadence_spm,
  x.change as cadence_change_spm,
  x.noise as cadence_noise_spm,
  x.word as cadence_word,
  coalesce(x.reason, case when x.athlete_id is null then 'no run in these four weeks' end) as cadence_reason
from day as d
join coach_day as c using (athlete_id)
cross join limits as l
left join lifted as g using (athlete_id, local_date)
left join ran as r using (athlete_id, local_date)
left join stepped as s using (athlete_id, local_date)
left join changed as x using (athlete_id, local_date)
