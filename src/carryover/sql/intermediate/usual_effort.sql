-- grain: one run: the athlete's usual effort about its day, their best of the season.
with told as (
  select
    b.run_id,
    b.athlete_id,
    b.local_date,
    p.middle_mps,
    case
      when b.distance_m >= l.race_best_min_m and b.has_position
        then p.mean_effort_mps * pow(b.distance_m / 5000, l.race_fade)
    end as equal_mps,
    l.usual_window_d,
    l.race_best_window_d,
    l.usual_min_runs,
    l.race_best_max_ratio
  from run_base as b
  join run_pace as p using (run_id)
  cross join limits as l
),

usual as (
  select
    *,
    coalesce(
      case when count(middle_mps) over near >= usual_min_runs then median(middle_mps) over near end,
      case when count(middle_mps) over ever >= usual_min_runs then median(middle_mps) over ever end
    ) as usual_mps
  from told
  window
    ever as (partition by athlete_id),
    near as (
      partition by athlete_id order by local_date
      range between to_days(usual_window_d::int) preceding and to_days(usual_window_d::int) following
    )
)

select
  run_id,
  usual_mps,
  equal_mps,
  max(case when equal_mps <= race_best_max_ratio * usual_mps then equal_mps end) over (
    partition by athlete_id order by local_date
    range between to_days(race_best_window_d::int) preceding
    and to_days(race_best_window_d::int) following
  ) as best_mps
from usual
