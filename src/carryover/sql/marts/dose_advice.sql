-- grain: one athlete: scale back, hold or advance as of the newest known day, and why.
-- By what was told of pain in the last two weeks, the most careful answer first; where nothing was, by
-- the sessions kept and the progress of exercises in four weeks. A rule of thumb and no diagnosis.
with felt as (
  select p.*
  from (
    select p.*
    from pain_review as p
    join coach_day as c using (athlete_id)
    cross join limits as l
    where p.local_date > c.as_of - l.advice_d::int
    qualify row_number() over (
      partition by p.athlete_id, p.site, p.side order by p.local_date desc
    ) = 1
  ) as p
  qualify row_number() over (
    partition by p.athlete_id
    order by
      list_position(['scale back', 'hold', 'advance'], p.answer), p.pain_0_10 desc nulls last,
      p.stiffness_0_10 desc nulls last, p.local_date desc, p.site, p.side
  ) = 1
),

last_weeks as (
  select
    athlete_id,
    count(*) filter (where kept_two) as n_kept,
    sum(least(glute_sessions, sessions_target)) as sessions,
    sum(sessions_target) as planned,
    count(*) as n_weeks
  from (
    select w.*
    from training_week as w
    cross join limits as l
    where w.is_over
    qualify row_number() over (partition by w.athlete_id order by w.week_start desc)
      <= l.microcycle_weeks
  )
  where kept_two is not null
  group by athlete_id
),

newest_week as (
  select athlete_id, is_off
  from training_week
  qualify row_number() over (partition by athlete_id order by week_start desc) = 1
),

moved as (
  select
    athlete_id,
    count(*) filter (where word_four = 'rising') as rising,
    count(*) filter (where word_four = 'held') as held,
    count(*) filter (where word_four = 'falling') as falling
  from exercise_best
  group by athlete_id
),

judged as (
  select
    c.athlete_id,
    c.as_of,
    c.first_strength,
    l.microcycle_weeks,
    f.local_date as felt_date,
    f.answer as felt_answer,
    f.reason as felt_reason,
    f.rule as felt_rule,
    f.pain_0_10,
    f.stiffness_0_10,
    f.site,
    f.side,
    d.* exclude (athlete_id, local_date),
    coalesce(k.n_kept, 0) as n_kept,
    coalesce(k.n_weeks, 0) as n_weeks,
    k.sessions as kept,
    k.planned,
    coalesce(m.rising, 0) as rising,
    coalesce(m.held, 0) as held,
    coalesce(m.falling, 0) as falling,
    case
      when f.answer is not null then f.rule
      when c.first_strength is null then 'no strength log'
      when w.is_off then 'off week'
      when d.sessions = 0 then 'no session'
      when coalesce(k.n_kept, 0) < l.microcycle_weeks then 'not kept'
      when coalesce(m.rising, 0) + coalesce(m.held, 0) + coalesce(m.falling, 0) = 0 then 'nothing comparable'
      when m.falling > m.rising + m.held then 'falling'
      when m.rising > 0 then 'rising'
      else 'flat'
    end as rule
  from coach_day as c
  cross join limits as l
  join advice_day as d on d.athlete_id = c.athlete_id and d.local_date = c.as_of
  left join felt as f on f.athlete_id = c.athlete_id
  left join last_weeks as k on k.athlete_id = c.athlete_id
  left join moved as m on m.athlete_id = c.athlete_id
  left join newest_week as w on w.athlete_id = c.athlete_id
)

select
  j.athlete_id::varchar as athlete_id, -- whose
  j.as_of::date as as_of_date, -- the newest day of the runs, sessions and logs: not today's date
  case
    when j.felt_answer is not null then j.felt_answer
    when j.rule = 'no strength log' then null
    when j.rule = 'flat' then 'advance'
    else 'hold'
  end::varchar as answer, -- scale back, hold or advance; null where no strength session was ever logged
  case when j.felt_answer is not null then 'pain' else 'dose' end::varchar as judged_by, -- pain where a word on it is known of the last two weeks; else dose
  j.rule::varchar as rule, -- which rule gave the answer
  case
    when j.felt_answer is not null then j.felt_reason
    when j.rule = 'no strength log' then 'No strength session is logged yet.'
    else case j.rule
        when 'off week' then 'This is an off week of the plan: no strength work is due.'
        when 'no session' then 'No strength session in four weeks. Two a week again first, then more.'
        when 'not kept' then case
            when j.n_weeks < j.microcycle_weeks then format(
              'Of the last four full weeks {} count{}. Four weeks of two sessions first, then more.',
              j.n_weeks, coalesce(format(', with {} of {} sessions kept', j.kept::int, j.planned::int), '')
            )
            else format('{} of {} sessions kept in the last four full weeks. Two a week first, then more.',
              j.kept::int, j.planned::int)
          end
        when 'nothing comparable'
          then 'Two sessions kept in each of four weeks, but no exercise can be compared: note weights and repetitions.'
        when 'falling' then format(
          'Two sessions kept in each of four weeks, and {} of {} exercises fall: nothing is added.',
          j.falling, j.rising + j.held + j.falling
        )
        when 'rising' then format(
          'Two sessions kept in each of four weeks, and {} of {} exercises still rise: go on as you do.',
          j.rising, j.rising + j.held + j.falling
        )
        else format(
          'Two sessions kept in each of four weeks, and none of {} has risen in them: add one step of weight, repetitions or sets.',
          counted(j.rising + j.held + j.falling, 'exercise')
        )
      end || ' No pain was told in two weeks.'
  end::varchar as reason, -- why, in words
  j.felt_date::date as felt_date, -- day of the word on pain that decided; null where none did
  j.site::varchar as site, -- its site
  j.side::varchar as side, -- its side
  j.pain_0_10::double as pain_0_10, -- its pain
  j.stiffness_0_10::double as stiffness_0_10, -- its stiffness
  j.sessions::int as sessions, -- strength sessions that count in the last four weeks
  j.sessions_before::int as sessions_before, -- … in the four weeks before
  j.dose::double as dose, -- glute strength work of the last four weeks; 1 is the athlete's median session
  (j.dose - j.dose_before)::double as dose_change, -- … against the four weeks before
  j.kept::int as sessions_kept, -- sessions that count in the last four full weeks, at most two a week
  j.planned::int as sessions_planned, -- two in each of those weeks that count
  j.rising::int as n_rising, -- exercises that rise against the four weeks before
  j.held::int as n_held, -- … that hold
  j.falling::int as n_falling, -- … that fall
  j.cadence_spm::double as cadence_spm, -- cadence of the newest ISO week, steps/min
  j.cadence_change_spm::double as cadence_change_spm, -- four weeks against the four before, steps/min
  j.cadence_word::varchar as cadence_word -- within noise, likely or beyond MDC
from judged as j
order by 1
