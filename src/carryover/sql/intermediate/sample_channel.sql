-- grain: one run × instant: channels with grade, and how long a dynamics value has stood still.
-- unit: run
-- Of ground that is not there (indoors, a game's hills) there is no grade.
-- `gap_s` is the time to the next instant; `heart_rate_step_bpm` the change since the one before.
-- A value stands still from the instant that brings it to the last one that repeats it; a pause
-- ends that, since nothing is known of the time between. First and last value: time rises, and they
-- take half the time of min and max.
with told as (
  select
    r.run_id,
    s.* exclude (content_id, activity_id)
    replace (s.recorded_at + to_microseconds((1e6 * r.clock_shift_s)::bigint) as recorded_at)
  from store.sample as s
  join run_recording as r using (content_id, activity_id)
  where len(r.borrowed) = 0
  union all by name
  select * from run_borrowed
),

placed as (
  select
    t.*,
    told_mm(t.distance_m, t.altitude_m) as x_mm,
    told_mm(t.altitude_m, t.distance_m) as y_mm,
    limits.grade_half_window_s
  from told as t
  cross join limits
),

changed as (
  select
    *,
    segment is distinct from lag(segment) over instant as new_segment,
    lead(segment) over instant is distinct from segment as ends_segment,
    lead(elapsed_s) over instant - elapsed_s as gap_s,
    case when segment = lag(segment) over instant
      then heart_rate_bpm - lag(heart_rate_bpm) over instant end as heart_rate_step_bpm,
    elapsed_s - lag(elapsed_s) over instant as since_s,
    stance_time_ms is distinct from lag(stance_time_ms) over instant as new_contact,
    stance_time_ms is distinct from lead(stance_time_ms) over instant as ends_contact,
    stance_time_balance_pct is distinct from lag(stance_time_balance_pct) over instant
      as new_balance,
    stance_time_balance_pct is distinct from lead(stance_time_balance_pct) over instant
      as ends_balance,
    vertical_oscillation_mm is distinct from lag(vertical_oscillation_mm) over instant
      as new_oscillation,
    vertical_oscillation_mm is distinct from lead(vertical_oscillation_mm) over instant
      as ends_oscillation,
    slope_of_sums(
      count(x_mm) over around, sum(x_mm) over around, sum(y_mm) over around,
      sum(x_mm * x_mm) over around, sum(x_mm * y_mm) over around
    ) as slope,
    max(distance_m) over around - min(distance_m) over around as ground_m
  from placed
  window
    instant as (partition by run_id order by elapsed_s),
    around as (
      partition by run_id order by elapsed_s
      range between grade_half_window_s preceding and grade_half_window_s following
    )
),

spelled as (
  select
    *,
    last_value(case when new_segment then elapsed_s end ignore nulls)
      over past as segment_start_s,
    first_value(case when ends_segment or ends_contact then elapsed_s end ignore nulls) over rest
    - last_value(case when new_segment or new_contact then elapsed_s end ignore nulls)
      over past as contact_still_s,
    first_value(case when ends_segment or ends_balance then elapsed_s end ignore nulls) over rest
    - last_value(case when new_segment or new_balance then elapsed_s end ignore nulls)
      over past as balance_still_s,
    first_value(case when ends_segment or ends_oscillation then elapsed_s end ignore nulls)
      over rest
    - last_value(case when new_segment or new_oscillation then elapsed_s end ignore nulls) over past
      as oscillation_still_s
  from changed
  window
    past as (
      partition by run_id order by elapsed_s rows between unbounded preceding and current row
    ),
    rest as (
      partition by run_id order by elapsed_s rows between current row and unbounded following
    )
)

select
  s.* exclude (
    new_segment, new_contact, new_balance, new_oscillation,
    ends_segment, ends_contact, ends_balance, ends_oscillation,
    slope, ground_m, grade_half_window_s, x_mm, y_mm
  ),
  case
    when i.run_id is null and s.ground_m >= limits.grade_min_distance_m and abs(s.slope * 100) <= limits.max_grade_pct
      then s.slope * 100
  end as grade_pct
from spelled as s
cross join limits
left join run_indoors as i on i.run_id = s.run_id
