-- grain: one athlete × date × site × side with a word on pain or stiffness: what was done in the weeks before, and scale back, hold or advance.
-- House rule after the pain-monitoring model (Thomeé 1997; Silbernagel 2007). It is a rule of thumb for
-- the dose of strength work and no diagnosis.
with told as (
  select w.*
  from wellness as w
  join coach_day as c on c.athlete_id = w.athlete_id and w.local_date <= c.as_of
  where w.pain_0_10 is not null or w.stiffness_0_10 is not null
),

-- Each word beside what was told of the same place in the two weeks before.
past as (
  select
    t.athlete_id,
    t.local_date,
    t.site,
    t.side,
    count(p.local_date) as n,
    min(p.local_date) <= t.local_date - l.advice_d::int // 2 as is_long,
    min_by(p.pain_0_10, p.local_date) filter (where p.pain_0_10 is not null) as first_pain,
    min_by(p.stiffness_0_10, p.local_date) filter (where p.stiffness_0_10 is not null) as first_stiffness,
    max(p.pain_0_10) as worst_pain,
    max(p.pain_0_10) filter (where p.local_date > t.local_date - l.advice_d::int // 2) as late_pain,
    max(p.pain_0_10) filter (where p.local_date <= t.local_date - l.advice_d::int // 2) as early_pain
  from told as t
  cross join limits as l
  join told as p
    on p.athlete_id = t.athlete_id
    and p.site is not distinct from t.site and p.side is not distinct from t.side
    and p.local_date >= t.local_date - l.advice_d::int and p.local_date < t.local_date
  group by t.athlete_id, t.local_date, t.site, t.side, l.advice_d
),

judged as (
  select
    t.*,
    place_words(t.site, t.side) as place,
    coalesce(p.n, 0) as n_before,
    coalesce(p.is_long, false) as is_long,
    p.worst_pain as worst_before,
    p.first_pain,
    t.pain_0_10 - p.first_pain as rise,
    t.stiffness_0_10 - p.first_stiffness as stiffness_rise,
    p.first_stiffness,
    greatest(t.pain_0_10, p.late_pain) as late_pain,
    p.early_pain
  from told as t
  left join past as p
    on p.athlete_id = t.athlete_id and p.local_date = t.local_date
    and p.site is not distinct from t.site and p.side is not distinct from t.side
),

answered as (
  select
    j.*,
    d.* exclude (athlete_id, local_date),
    case
      when j.pain_0_10 >= l.pain_scale_back then 'pain level'
      when j.pain_0_10 >= l.pain_hold and j.rise >= l.pain_rise then 'pain rises'
      when j.pain_0_10 >= l.pain_hold then 'pain holds'
      when j.rise >= l.pain_rise then 'low pain rises'
      when j.stiffness_0_10 >= l.pain_scale_back then 'stiffness level'
      when j.stiffness_rise >= l.pain_rise and j.stiffness_0_10 >= l.pain_hold then 'stiffness rises'
      when j.worst_before >= l.pain_hold then 'pain was higher'
      when not j.is_long then 'not long told'
      when d.sessions_lately < l.sessions_per_week * l.advice_d / 7 then 'too few sessions'
      else 'stable'
    end as rule
  from judged as j
  join advice_day as d on d.athlete_id = j.athlete_id and d.local_date = j.local_date
  cross join limits as l
)

select
  a.athlete_id::varchar as athlete_id, -- whose
  a.local_date::date as local_date, -- date
  a.site::varchar as site, -- knee, hip …; null where none is told
  a.side::varchar as side, -- left, right or both; null where not told
  a.pain_0_10::double as pain_0_10, -- 0 none, 10 worst
  a.stiffness_0_10::double as stiffness_0_10, -- 0 none, 10 worst
  a.rise::double as pain_change, -- pain against the first word on that place in the two weeks before; null where there is none
  a.n_before::int as n_before, -- words on that place in the two weeks before
  a.sessions::int as sessions, -- strength sessions that count in the four weeks to that day; null before the first logged one
  a.sessions_before::int as sessions_before, -- … in the four weeks before
  a.dose::double as dose, -- glute strength work of the four weeks to that day; 1 is the athlete's median session
  (a.dose - a.dose_before)::double as dose_change, -- … against the four weeks before; null where the log does not reach so far back
  a.runs::int as n_runs, -- runs in the four weeks
  a.distance_m::double as distance_m, -- their distance, m
  (a.distance_m - a.distance_before_m)::double as distance_change_m, -- … against the four weeks before, m
  a.cadence_spm::double as cadence_spm, -- cadence of that ISO week, at reference speed where adjusted, steps/min
  a.cadence_change_spm::double as cadence_change_spm, -- four weeks to the latest run against the four before, steps/min
  a.cadence_noise_spm::double as cadence_noise_spm, -- a change within ± this comes about by chance, 19 times in 20
  a.cadence_word::varchar as cadence_word, -- within noise, likely or beyond MDC
  a.cadence_reason::varchar as cadence_reason, -- why there is no word
  case
    when a.rule in ('pain level', 'pain rises') then 'scale back'
    when a.rule = 'stable' then 'advance'
    else 'hold'
  end::varchar as answer, -- scale back, hold or advance: what to do with the dose of strength work
  a.rule::varchar as rule, -- which rule gave the answer
  (
    case a.rule
      when 'pain level' then format('Pain {}/10, {}: from {} on less weight or fewer sets until it is lower.',
        plain(a.pain_0_10), a.place, plain(l.pain_scale_back))
        || case when a.early_pain >= l.pain_scale_back and a.late_pain >= l.pain_scale_back
          then format(' It was {} or more two weeks running: see someone who can look at it.',
            plain(l.pain_scale_back)) else '' end
      when 'pain rises' then format('Pain, {}: up from {} to {} in two weeks.',
        a.place, plain(a.first_pain), plain(a.pain_0_10))
      when 'pain holds' then format('Pain {}/10, {}: from {} on nothing is added; below {} nothing is taken off.',
        plain(a.pain_0_10), a.place, plain(l.pain_hold), plain(l.pain_scale_back))
      when 'low pain rises' then format('Pain, {}: low, but up from {} to {} in two weeks.',
        a.place, plain(a.first_pain), plain(a.pain_0_10))
      when 'stiffness level' then format('Stiffness {}/10, {}: nothing is added.',
        plain(a.stiffness_0_10), a.place)
      when 'stiffness rises' then format('Stiffness, {}: up from {} to {} in two weeks.',
        a.place, plain(a.first_stiffness), plain(a.stiffness_0_10))
      when 'pain was higher' then format('Pain, {}: {}, but up to {} in the two weeks before.',
        a.place, coalesce(plain(a.pain_0_10) || '/10', 'none told'), plain(a.worst_before))
      when 'not long told' then format('{}, {}: low, but not told of for two weeks yet.',
        coalesce('Pain ' || plain(a.pain_0_10) || '/10', 'Stiffness ' || plain(a.stiffness_0_10) || '/10'),
        a.place)
      when 'too few sessions' then format('{}, {}, low and stable; {} in two weeks, two a week would be {}.',
        coalesce('Pain ' || plain(a.pain_0_10) || '/10', 'Stiffness ' || plain(a.stiffness_0_10) || '/10'),
        a.place, case when a.sessions_lately = 0 then 'no strength session'
          else counted(a.sessions_lately, 'strength session') end,
        plain(l.sessions_per_week * l.advice_d / 7))
      else format('{}, {}: low and stable for two weeks, with {}.',
        coalesce('Pain ' || plain(a.pain_0_10) || '/10', 'Stiffness ' || plain(a.stiffness_0_10) || '/10'),
        a.place, counted(a.sessions_lately, 'strength session'))
    end
    || case when a.rule in ('pain level', 'pain rises') and a.sessions_lately = 0
      then ' There was no strength session in two weeks: what can be scaled back is the running.'
      else '' end
  )::varchar as reason -- why, in words
from answered as a
cross join limits as l
order by a.athlete_id, a.local_date, a.site, a.side
