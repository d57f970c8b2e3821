-- grain: one athlete × review: the last 2, 3 and 4 full weeks, and each microcycle of four.
-- Microcycles are counted from the athlete's first week on, so that a new week changes none of the old.
with full_week as (
  select
    athlete_id,
    week_start,
    row_number() over (partition by athlete_id order by week_start desc) as nth_last,
    row_number() over (partition by athlete_id order by week_start) - 1 as nth
  from training_week
  where is_over
),

last_weeks as (
  select
    w.athlete_id,
    format('last {} weeks', n.n_weeks) as review,
    min(w.week_start) as from_date,
    max(w.week_start) + 6 as to_date,
    n.n_weeks
  from full_week as w
  join (select unnest([2, 3, 4]) as n_weeks) as n on w.nth_last <= n.n_weeks
  group by w.athlete_id, n.n_weeks
  having count(*) = n.n_weeks
),

microcycle as (
  select
    w.athlete_id,
    'microcycle' as review,
    min(w.week_start) as from_date,
    max(w.week_start) + 6 as to_date,
    l.microcycle_weeks::int as n_weeks
  from full_week as w
  cross join limits as l
  group by w.athlete_id, w.nth // l.microcycle_weeks::int, l.microcycle_weeks
  having count(*) = l.microcycle_weeks
)

select * from last_weeks
union all
select * from microcycle
