-- grain: one run × identity: two ways to one value, held against each other while running.
-- unit: run; order: run_id, identity
-- Speed and distance are held against each other over all running, the rest over steady running.
with told as (
  select
    run_id,
    dt_s,
    100 * stance_time_ms / 1000 * cadence_spm / 2 / 60 - stance_time_percent as duty_factor,
    1000 * speed_mps / nullif(cadence_spm / 60, 0) / nullif(step_length_mm, 0) - 1 as step_length,
    vertical_ratio_pct - 100 * vertical_oscillation_mm / nullif(step_length_mm, 0) as vertical_ratio,
    (stance_time_left_ms + stance_time_right_ms) / 2 - stance_time_ms as contact_sides,
    100 * stance_time_left_ms / nullif(stance_time_left_ms + stance_time_right_ms, 0)
    - stance_time_balance_pct as balance_sides
  from sample
  where is_steady
),

compared as (
  select
    t.run_id,
    unnest([
      {'identity': 'duty_factor', 'unit': 'points', 'tolerance': any_value(l.identity_duty_factor_pct),
        'compared_s': sum(exact(t.dt_s)) filter (t.duty_factor is not null),
        'difference': median(t.duty_factor), 'spread': spread_of(t.duty_factor)},
      {'identity': 'step_length', 'unit': 'share', 'tolerance': any_value(l.identity_step_length_share),
        'compared_s': sum(exact(t.dt_s)) filter (t.step_length is not null),
        'difference': median(t.step_length), 'spread': spread_of(t.step_length)},
      {'identity': 'vertical_ratio', 'unit': 'points',
        'tolerance': any_value(l.identity_vertical_ratio_pct),
        'compared_s': sum(exact(t.dt_s)) filter (t.vertical_ratio is not null),
        'difference': median(t.vertical_ratio), 'spread': spread_of(t.vertical_ratio)},
      {'identity': 'contact_sides', 'unit': 'ms', 'tolerance': any_value(l.identity_sides_ms),
        'compared_s': sum(exact(t.dt_s)) filter (t.contact_sides is not null),
        'difference': median(t.contact_sides), 'spread': spread_of(t.contact_sides)},
      {'identity': 'balance_sides', 'unit': 'points', 'tolerance': any_value(l.identity_balance_pct),
        'compared_s': sum(exact(t.dt_s)) filter (t.balance_sides is not null),
        'difference': median(t.balance_sides), 'spread': spread_of(t.balance_sides)}
    ], recursive := true)
  from told as t
  cross join limits as l
  group by t.run_id
),

-- From one running instant to the next; a pause, and more time than an instant counts for, is no step.
-- The speed between them is the mean of theirs: a record tells of its moment, not of what follows.
step as (
  select
    run_id,
    covered_s,
    case
      when is_running and lead(is_running) over instant
        and lead(elapsed_s) over instant - elapsed_s <= covered_s
        then lead(distance_m) over instant - distance_m
    end as distance_m,
    (speed_mps + lead(speed_mps) over instant) / 2 * covered_s as by_speed_m
  from sample
  window instant as (partition by run_id order by elapsed_s)
),

summed as (
  select
    run_id,
    'speed_distance' as identity,
    'share' as unit,
    l.identity_speed_distance_share as tolerance,
    sum(exact(covered_s)) as compared_s,
    sum(exact(by_speed_m)) / nullif(sum(exact(distance_m)), 0) - 1 as difference,
    null as spread
  from step
  cross join limits as l
  where distance_m is not null and by_speed_m is not null
  group by run_id, l.identity_speed_distance_share
),

held as (
  select * from compared
  union all by name
  select * from summed
)

select
  c.run_id::varchar as run_id, -- the run
  c.identity::varchar as identity, -- duty_factor, step_length, vertical_ratio, contact_sides, balance_sides, speed_distance
  c.unit::varchar as unit, -- of difference, spread and tolerance
  c.compared_s::double as compared_s, -- running seconds that know both ways (steady ones but for speed_distance), s
  c.difference::double as difference, -- median of what instants differ by, for speed_distance of the sums; see docs/identities.md
  c.spread::double as spread, -- standard deviation of it between instants; null for sums
  c.tolerance::double as tolerance, -- the largest difference that is no news
  case when c.compared_s >= limits.identity_min_s then abs(c.difference) <= c.tolerance end::boolean
    as holds -- whether it does; null where two minutes are not known
from held as c
cross join limits
where c.compared_s > 0
order by c.run_id, c.identity
