-- grain: one athlete × review: the last 2, 3 and 4 full weeks, and each microcycle of four full weeks through the history.
-- Two to four weeks are shorter than the 28 days over which the dose fades: this tells of dose and
-- adherence and gives no verdict.
with done as (
  select
    w.athlete_id,
    w.review,
    w.from_date,
    w.to_date,
    w.n_weeks,
    sum(t.n_runs) as n_runs,
    sum(t.distance_m) as distance_m,
    sum(t.hard_runs) as hard_runs,
    case when sum(t.dose_unknown_sessions) = 0 then sum(t.dose) end as dose,
    sum(t.strength_sessions) as strength_sessions,
    sum(t.glute_sessions) as glute_sessions,
    sum(least(t.glute_sessions, t.sessions_target)) filter (where t.kept_two is not null) as kept,
    sum(t.sessions_target) filter (where t.kept_two is not null) as planned,
    count(*) filter (where t.glute_sessions > 0) as weeks_on,
    count(*) filter (where t.is_silent) as weeks_empty,
    count(*) filter (where t.is_off and not t.is_silent) as weeks_off,
    sum(t.placement_flags) as placement_flags
  from review_window as w
  join training_week as t
    on t.athlete_id = w.athlete_id and t.week_start between w.from_date and w.to_date
  group by all
),

past as (
  select w.athlete_id, w.review, w.from_date, sum(t.dose) as dose
  from review_window as w
  join training_week as t
    on t.athlete_id = w.athlete_id
    and t.week_start between w.from_date - 7 * w.n_weeks and w.from_date - 7
  group by all
  having count(t.dose) = w.n_weeks
),

worked as (
  select
    w.athlete_id,
    w.review,
    w.from_date,
    nullif(sum(g.work), 0) as work,
    sum(g.hip_work) as hip_work,
    sum(g.knee_work) as knee_work,
    sum(g.one_sided_work) as one_sided_work
  from review_window as w
  join glute_day as g
    on g.athlete_id = w.athlete_id and g.local_date between w.from_date and w.to_date
  group by all
),

felt as (
  select
    w.athlete_id,
    w.review,
    w.from_date,
    max(s.pain_0_10) as worst_pain_0_10,
    avg(s.pain_0_10) as mean_pain_0_10,
    max(s.stiffness_0_10) as worst_stiffness_0_10,
    avg(s.stiffness_0_10) as mean_stiffness_0_10,
    max_by(place_words(s.site, s.side), (s.pain_0_10, s.local_date, s.site, s.side))
      filter (where s.pain_0_10 > 0) as sorest
  from review_window as w
  join wellness as s
    on s.athlete_id = w.athlete_id and s.local_date between w.from_date and w.to_date
  group by all
),

moved as (
  select
    athlete_id,
    review,
    from_date,
    count(*) filter (where word is not null) as n_compared,
    list(words order by abs(change) / noise desc, metric) filter (where word = 'beyond MDC') as beyond,
    list(words order by abs(change) / noise desc, metric) filter (where word = 'likely') as likely
  from review_change
  group by all
),

told as (
  select
    d.*,
    d.dose - p.dose as dose_change,
    p.dose as dose_before,
    g.hip_work / g.work as hip_share,
    g.knee_work / g.work as knee_share,
    g.one_sided_work / g.work as one_sided_share,
    f.* exclude (athlete_id, review, from_date),
    coalesce(m.n_compared, 0) as n_compared,
    m.beyond,
    m.likely
  from done as d
  left join past as p using (athlete_id, review, from_date)
  left join worked as g using (athlete_id, review, from_date)
  left join felt as f using (athlete_id, review, from_date)
  left join moved as m using (athlete_id, review, from_date)
)

select
  t.athlete_id::varchar as athlete_id, -- whose
  t.review::varchar as review, -- last 2 weeks, last 3 weeks, last 4 weeks or microcycle
  t.from_date::date as from_date, -- first day, a Monday
  t.to_date::date as to_date, -- last day, a Sunday
  t.n_weeks::int as n_weeks, -- its weeks, all of them over
  t.n_runs::int as n_runs, -- runs
  t.distance_m::double as distance_m, -- their distance, m
  t.dose::double as dose, -- glute strength work; 1 is the athlete's median session; null where one does not tell it
  t.dose_before::double as dose_before, -- of as many weeks before; null where the log does not reach so far back
  t.dose_change::double as dose_change, -- dose − dose_before
  t.strength_sessions::int as strength_sessions, -- strength sessions
  t.kept::int as sessions_kept, -- sessions that count, at most two a week; null where no week counts
  t.planned::int as sessions_planned, -- two a week, in weeks with anything recorded since the first logged session and not off by the plan
  (t.kept / nullif(t.planned, 0))::double as adherence_share, -- kept of planned, 0–1
  t.weeks_on::int as weeks_on, -- weeks with a session that counts
  t.weeks_empty::int as weeks_empty, -- weeks with neither a run nor a session of any kind
  t.weeks_off::int as weeks_off, -- off weeks of the athlete's block plan
  t.placement_flags::int as placement_flags, -- strength sessions that were not placed well
  t.n_compared::int as n_compared, -- metrics that could be held against the four weeks before
  coalesce(t.beyond, [])::varchar[] as beyond_mdc, -- those that moved beyond MDC, signed, with their unit; of twenty one does so by chance
  coalesce(t.likely, [])::varchar[] as likely, -- those that moved beyond 90 % of chance, and not beyond MDC
  t.worst_pain_0_10::double as worst_pain_0_10, -- 0–10; null where none is told
  t.mean_pain_0_10::double as mean_pain_0_10, -- mean of what was told, 0–10
  t.worst_stiffness_0_10::double as worst_stiffness_0_10, -- 0–10
  t.mean_stiffness_0_10::double as mean_stiffness_0_10, -- mean of what was told, 0–10
  t.hip_share::double as hip_share, -- share of the glute work by hip-dominant exercises, 0–1
  t.knee_share::double as knee_share, -- … by knee-dominant ones
  t.one_sided_share::double as one_sided_share, -- … by one leg at a time
  (
    days_words(t.from_date, t.to_date) || ': ' || counted(t.n_runs::int, 'run')
    || case when t.n_runs > 0 then coalesce(format(', {:.0f} km', t.distance_m / 1000), '') else '' end
    || '; ' || case
      when t.planned is not null then t.kept::int || ' of ' || t.planned::int
        || ' strength sessions kept'
      when t.n_runs = 0 and t.strength_sessions = 0 then 'no sessions'
      when t.weeks_off > 0 then 'no session due'
      else 'no strength log yet'
    end
    || case when t.planned is not null and t.weeks_empty > 0
      then ', ' || counted(t.weeks_empty, 'week') || ' without runs or sessions not counted' else '' end
    || case when t.weeks_off > 0 then ', ' || counted(t.weeks_off, 'off week') || ' of the plan' else '' end
    || case
      when t.dose is null or (t.planned is null and t.dose = 0) then ''
      else ', dose ' || one_decimal(t.dose) || case
          when t.dose_change is null then ''
          when abs(t.dose_change) < 0.05 then format(', as in the {} weeks before', t.n_weeks)
          else format(' ({} than in the {} weeks before)', one_decimal(abs(t.dose_change))
            || case when t.dose_change > 0 then ' more' else ' less' end, t.n_weeks)
        end
    end
    || '.'
    || case when t.placement_flags > 0
      then ' ' || counted(t.placement_flags::int, 'session') || ' not on an easy or rest day, or right after a hard one.'
      else '' end
    || case
      when t.hip_share is null then ''
      else ' Of the glute work ' || share_words(t.hip_share) || ' hip-dominant, '
        || share_words(t.knee_share) || ' knee-dominant, ' || share_words(t.one_sided_share)
        || ' one-sided.'
    end
    || case when t.worst_pain_0_10 > 0
      then ' Pain at most ' || plain(t.worst_pain_0_10) || '/10 (' || t.sorest || ').' else '' end
    || case
      when t.n_compared = 0 then ' No form metric could be held against the four weeks before.'
      when t.beyond is null and t.likely is null
        then ' Four weeks against four: all of ' || counted(t.n_compared, 'metric') || ' within noise.'
      else ' Four weeks against four, of ' || counted(t.n_compared, 'metric') || ': '
        || concat_ws('; ', 'beyond MDC ' || array_to_string(t.beyond, ', '),
          'likely ' || array_to_string(t.likely, ', ')) || '.'
    end
    || ' So few weeks tell of dose and adherence; they are shorter than the 28 days over which the dose fades and give no verdict.'
  )::varchar as says -- the review in words
from told as t
order by t.athlete_id, t.review, t.from_date
