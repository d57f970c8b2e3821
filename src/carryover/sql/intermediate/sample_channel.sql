-- grain: one run × instant: channels with grade, and how long a dynamics value has stood still.
-- unit: run
-- Of ground that is not there (indoors, a game's hills) there is no grade.
-- `gap_s` is the time to the next instant; `heart_rate_step_bpm` the change since the one before.
-- A value stands still from the instant that brings it to the last one that repeats it; a pause
-- ends that, since nothing is known of the time between. First and last value: time rises, and they
-- take half the time of min and max.
with changed as (
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
      as ends_oscillation
  from sample_told
  window instant as (partition by run_id order by elapsed_s)
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
    ends_segment, ends_contact, ends_balance, ends_oscillation
  ),
  case
    when i.run_id is null and g.ground_m >= limits.grade_min_distance_m and abs(g.slope * 100) <= limits.max_grade_pct
      then g.slope * 100
  end as grade_pct
from spelled as s
cross join limits
left join ground as g using (run_id, elapsed_s)
left join run_indoors as i on i.run_id = s.run_id
