-- grain: one run × instant: channels with grade, and how long a dynamics value has stood still.
with placed as (
  select r.run_id, s.*, limits.grade_half_window_s
  from store.sample as s
  join run_recording as r using (content_id, activity_id)
  cross join limits
),

changed as (
  select
    *,
    stance_time_ms is distinct from lag(stance_time_ms) over instant as new_contact,
    stance_time_balance_pct is distinct from lag(stance_time_balance_pct) over instant
      as new_balance,
    vertical_oscillation_mm is distinct from lag(vertical_oscillation_mm) over instant
      as new_oscillation,
    regr_slope(altitude_m, distance_m) over around as slope,
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
    sum(new_contact::int) over instant as contact_spell,
    sum(new_balance::int) over instant as balance_spell,
    sum(new_oscillation::int) over instant as oscillation_spell,
    min(elapsed_s) over (partition by run_id, segment) as segment_start_s
  from changed
  window instant as (partition by run_id order by elapsed_s)
)

select
  * exclude (
    new_contact, new_balance, new_oscillation, contact_spell, balance_spell, oscillation_spell,
    slope, ground_m, grade_half_window_s
  ),
  case
    when ground_m >= limits.grade_min_distance_m and abs(slope * 100) <= limits.max_grade_pct
      then slope * 100
  end as grade_pct,
  max(elapsed_s) over (partition by run_id, contact_spell)
  - min(elapsed_s) over (partition by run_id, contact_spell) as contact_still_s,
  max(elapsed_s) over (partition by run_id, balance_spell)
  - min(elapsed_s) over (partition by run_id, balance_spell) as balance_still_s,
  max(elapsed_s) over (partition by run_id, oscillation_spell)
  - min(elapsed_s) over (partition by run_id, oscillation_spell) as oscillation_still_s
from spelled
cross join limits
