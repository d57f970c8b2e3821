-- grain: one athlete × span of 4 and 12 weeks to the newest known day: what the glute work was made of.
with span as (
  select c.athlete_id, c.as_of, n.n_weeks, (c.as_of - (7 * n.n_weeks - 1)::int)::date as from_date
  from coach_day as c
  cross join limits as l
  cross join (
    select unnest([l.weeks_d / 7, 3 * l.weeks_d / 7])::int as n_weeks from limits as l
  ) as n
),

done as (
  select
    s.athlete_id,
    s.n_weeks,
    s.from_date,
    s.as_of,
    bool_or(g.is_load) as is_load,
    sum(g.n_sets) as n_sets,
    nullif(sum(g.work), 0) as work,
    sum(g.hip_work) as hip_work,
    sum(g.knee_work) as knee_work,
    sum(g.one_sided_work) as one_sided_work
  from span as s
  left join glute_day as g
    on g.athlete_id = s.athlete_id and g.local_date between s.from_date and s.as_of
  group by all
)

select
  d.athlete_id::varchar as athlete_id, -- whose
  d.n_weeks::int as n_weeks, -- length of the span
  d.from_date::date as from_date, -- first day
  d.as_of::date as to_date, -- last day: the newest known one
  coalesce(d.n_sets, 0)::int as n_sets, -- working sets that load the glutes
  (d.hip_work / d.work)::double as hip_share, -- share of the work by hip-dominant exercises, 0–1; null without work
  (d.knee_work / d.work)::double as knee_share, -- … by knee-dominant ones; the rest is of neither
  (d.one_sided_work / d.work)::double as one_sided_share, -- … by one leg at a time
  case when d.work is not null then case when d.is_load then 'load' else 'sets' end end::varchar
    as share_of, -- load (repetitions × load × glute share) or sets: as the athlete's dose is told
  case
    when d.work is null then format('No glute work is known in these {} weeks.', d.n_weeks)
    else format('Of the glute work of {} weeks ', d.n_weeks) || share_words(d.hip_work / d.work)
      || ' was hip-dominant, ' || share_words(d.knee_work / d.work) || ' knee-dominant, '
      || share_words(d.one_sided_work / d.work) || ' one-sided (' || counted(d.n_sets::int, 'set')
      || case when d.is_load then ', by load' else ', by number of sets' end || ').'
  end::varchar as says -- the same in words
from done as d
order by all
