-- grain: one run × metric × comparison with what was before, by usual runs of its sensor epoch alone.
-- passing
-- `spread`: standard error of the change in units of the noise of one run, were runs independent.
with placed as (
  select
    v.*,
    median(y) filter (where is_usual) over six_weeks as usual,
    count(*) filter (where is_usual) over six_weeks as n_usual,
    avg(y) filter (where is_usual) over late as late_mean,
    count(*) filter (where is_usual) over late as n_late,
    avg(y) filter (where is_usual) over early as early_mean,
    count(*) filter (where is_usual) over early as n_early
  from form_value as v
  cross join limits as l
  window
    six_weeks as (
      partition by athlete_id, sensor_epoch, metric order by local_date
      range between to_days(l.usual_d::int) preceding and to_days(1) preceding
    ),
    late as (
      partition by athlete_id, sensor_epoch, metric order by local_date
      range between to_days(l.weeks_d::int - 1) preceding and current row
    ),
    early as (
      partition by athlete_id, sensor_epoch, metric order by local_date
      range between to_days(2 * l.weeks_d::int - 1) preceding
      and to_days(l.weeks_d::int) preceding
    )
),

long as (
  select
    p.* exclude (y, usual, n_usual, late_mean, n_late, early_mean, n_early),
    unnest([
      {
        'compared': 'usual', 'value': y, 'reference': usual, 'n1': 1, 'n2': n_usual,
        'spread': sqrt(1 + median_variance(n_usual))
      },
      {
        'compared': 'weeks', 'value': late_mean, 'reference': early_mean, 'n1': n_late,
        'n2': n_early, 'spread': sqrt(1 / nullif(n_late, 0) + 1 / nullif(n_early, 0))
      }
    ], recursive := true)
  from placed as p
)

select
  s.*,
  value - reference as change,
  n2 >= l.compare_min_runs and (compared = 'usual' or n1 >= l.compare_min_runs) as is_enough
from long as s
cross join limits as l
