-- grain: one athlete × exercise done in a strength session: its best now, and whether it rises, holds or falls.
-- Now is the last four weeks to the newest known day; it is held against the four before, and against
-- the first four of the last twelve, by the first measure that is known now.
with span as (
  select
    s.*,
    c.as_of,
    case
      when s.local_date > c.as_of - l.weeks_d::int then 'now'
      when s.local_date > c.as_of - 2 * l.weeks_d::int then 'four'
      when s.local_date > c.as_of - 3 * l.weeks_d::int then 'twelve'
    end as span
  from exercise_set as s
  join coach_day as c using (athlete_id)
  cross join limits as l
  where s.local_date <= c.as_of
),

long as (
  select
    * exclude (reps, duration_s),
    unnest([
      {'rank': 1, 'measure': 'estimated maximum', 'unit': 'kg', 'value': one_rep_max_kg},
      {'rank': 2, 'measure': 'weight', 'unit': 'kg', 'value': weight_kg},
      {'rank': 3, 'measure': 'repetitions', 'unit': 'reps', 'value': free_reps},
      {'rank': 4, 'measure': 'hold', 'unit': 's', 'value': hold_s}
    ], recursive := true)
  from span
),

every_measure as (
  select
    athlete_id,
    exercise_id,
    rank,
    measure,
    unit,
    max(value) as best,
    max_by(local_date, (value, -epoch(local_date))) as best_date,
    max(value) filter (where span = 'now') as now,
    max(value) filter (where span = 'four') as four,
    max(value) filter (where span = 'twelve') as twelve,
    max(value) filter (where side = 'left' and span is not null) as left_value,
    max(value) filter (where side = 'right' and span is not null) as right_value
  from long
  where value is not null
  group by all
),

measured as (
  select *
  from every_measure
  qualify row_number() over (
    partition by athlete_id, exercise_id order by now is null, rank
  ) = 1
),

done as (
  select
    athlete_id,
    exercise_id,
    min(local_date) as first_date,
    max(local_date) as last_date,
    count(distinct date_trunc('week', local_date)) as n_weeks,
    count(*) filter (where span = 'now') as n_now,
    bool_or(is_one_sided) as is_one_sided
  from span
  group by all
),

stepped as (
  select
    d.*,
    m.* exclude (athlete_id, exercise_id, rank),
    m.now - m.four as change_four,
    m.now - m.twelve as change_twelve,
    case m.unit
      when 'reps' then l.progress_step_reps
      when 's' then l.progress_step_hold_s
      else greatest(l.progress_step_kg, l.progress_step_share * coalesce(m.four, m.twelve, m.now))
    end as step,
    m.twelve * l.progress_step_share as twelve_share,
    l.progress_step_kg as plate_kg
  from done as d
  left join measured as m using (athlete_id, exercise_id)
  cross join limits as l
),

worded as (
  select
    *,
    step_word(change_four, step) as word_four,
    step_word(change_twelve, case when unit = 'kg' then greatest(plate_kg, twelve_share) else step end)
      as word_twelve
  from stepped
)

select
  w.athlete_id::varchar as athlete_id, -- whose
  w.exercise_id::varchar as exercise_id, -- key of the table exercise
  w.first_date::date as first_date, -- done first on
  w.last_date::date as last_date, -- done last on
  w.n_weeks::int as n_weeks, -- ISO weeks in which it was done
  w.measure::varchar as measure, -- estimated maximum, weight, repetitions or hold: by what it is judged; null where nothing can be compared
  w.unit::varchar as unit, -- kg, reps or s
  w.best::double as best, -- the best ever, in the unit
  w.best_date::date as best_date, -- first reached on
  w.now::double as now_value, -- the best of the last four weeks; null where it was not done
  w.four::double as four_weeks_value, -- the best of the four weeks before
  w.twelve::double as twelve_weeks_value, -- the best of the first four of the last twelve weeks
  w.change_four::double as change_four, -- now − four weeks before
  w.word_four::varchar as word_four, -- rising, held or falling: a step is 2.5 kg and 2.5 %, 2 repetitions or 5 s
  w.change_twelve::double as change_twelve, -- now − twelve weeks before
  w.word_twelve::varchar as word_twelve, -- the same over twelve weeks
  w.left_value::double as left_value, -- the best of the left in twelve weeks; null where sides are not told
  w.right_value::double as right_value, -- the best of the right
  case when w.left_value is not null and w.right_value is not null
    then 100 * least(w.left_value, w.right_value) / nullif(greatest(w.left_value, w.right_value), 0)
  end::double as side_symmetry_pct, -- 100 × smaller ÷ larger of the two
  case
    when w.left_value < w.right_value then 'left'
    when w.left_value > w.right_value then 'right'
  end::varchar as weaker_side, -- the smaller one; null where even or not told
  case
    when w.measure is null then 'neither weight nor repetitions of a told side are known'
    when w.n_now = 0 then 'not done in the last four weeks'
    when w.now is null then 'nothing comparable in the last four weeks'
    when w.four is null and w.twelve is null then 'nothing comparable before'
  end::varchar as reason -- why there is no word
from worded as w
order by 1, 2
