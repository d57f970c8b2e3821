-- grain: one session × exposure × channel that may tell how much it holds, the best channel first.
-- An amount of 0 is a session known to hold none, null is not known. Only channels of one exposure
-- stand here; strength has its own (`dose_channel`).
with stride as (
  select visit_id, sum(coalesce(reps, 1)) as n
  from set_work
  where exercise_id = 'hill_strides' and not coalesce(is_warmup, false)
  group by visit_id
),

held as (
  select
    w.visit_id,
    w.athlete_id,
    w.kind,
    w.n_sets,
    w.glute_load_kg,
    w.duration_s / 60 as minutes,
    p.upper_sets,
    p.upper_load_kg,
    s.n as strides,
    w.n_sets > 0 and coalesce(w.glute_sets, 0) = 0 and p.unknown_sets = 0 as no_glute,
    p.upper_sets = 0 and p.unknown_sets = 0 as no_upper
  from session_work as w
  left join session_part as p using (visit_id)
  left join stride as s using (visit_id)
),

told as (
  select
    visit_id,
    athlete_id,
    'activation' as exposure,
    unnest([
      {'rank': 1, 'channel': 'load', 'amount': case when no_glute then 0 else glute_load_kg end},
      {'rank': 2, 'channel': 'minutes', 'amount': case when no_glute then 0 else minutes end},
      {'rank': 3, 'channel': 'sessions', 'amount': case when no_glute then 0 else 1 end}
    ]) as by_channel
  from held
  where kind = 'activation'

  union all

  select
    visit_id,
    athlete_id,
    'hill_strides',
    unnest([
      {'rank': 1, 'channel': 'strides', 'amount': strides},
      {'rank': 2, 'channel': 'sessions', 'amount': 1}
    ])
  from held
  where kind = 'hill_strides' or strides > 0

  union all

  select
    visit_id,
    athlete_id,
    'upper_body',
    unnest([
      {'rank': 1, 'channel': 'load', 'amount': case when no_upper then 0 else upper_load_kg end},
      {'rank': 2, 'channel': 'sets', 'amount': case when no_upper then 0 else nullif(upper_sets, 0) end}
    ])
  from held
  where kind = 'strength' and n_sets > 0
)

select
  visit_id,
  athlete_id,
  exposure,
  by_channel.rank,
  by_channel.channel,
  by_channel.amount::double as amount
from told
