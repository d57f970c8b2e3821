-- grain: one run × running instant: each metric's value where it is valid, else null.
-- unit: run
-- A heart rate that is faulty is none.
with valid as (
  select
    g.run_id, g.recorded_at, g.elapsed_s, g.moving_s, g.dt_s, g.distance_m, g.speed_mps,
    g.grade_pct, g.covered_s,
    case when f.fault_key is null then g.heart_rate_bpm end as heart_rate_bpm,
    g.unclean_key is null as is_clean,
    g.exclusion_key,
    case when g.cadence_spm between l.cadence_spm_min and l.cadence_spm_max
      then g.cadence_spm end as cadence_spm,
    case when g.stance_time_ms between l.stance_time_ms_min and l.stance_time_ms_max
      and g.contact_still_s <= l.frozen_s
      then g.stance_time_ms end as stance_time_ms,
    case when g.stance_time_balance_pct
      between l.stance_time_balance_pct_min and l.stance_time_balance_pct_max
      and g.balance_still_s <= l.frozen_s
      then g.stance_time_balance_pct end as stance_time_balance_pct,
    case when g.contact_still_s <= l.frozen_s then g.stance_time_left_ms end as told_left_ms,
    case when g.contact_still_s <= l.frozen_s then g.stance_time_right_ms end as told_right_ms,
    case when g.vertical_oscillation_mm
      between l.vertical_oscillation_mm_min and l.vertical_oscillation_mm_max
      and g.oscillation_still_s <= l.frozen_s
      then g.vertical_oscillation_mm end as vertical_oscillation_mm,
    g.vertical_ratio_pct as told_ratio,
    g.step_length_mm as told_step,
    p.mass_kg,
    p.height_m * l.leg_length_share as leg_m
  from sample_gait as g
  join run_recording as r using (run_id)
  left join person as p using (athlete_id)
  cross join limits as l
  left join heart_rate_fault as f
    on f.run_id = g.run_id and f.part = floor(g.elapsed_s / l.heart_rate_part_s)::int
  where g.is_running
),

stepped as (
  select
    v.*,
    coalesce(told_step, 1000 * speed_mps / nullif(cadence_spm / 60, 0)) as step_mm,
    60000 / cadence_spm - stance_time_ms as flight_ms,
    duty_factor_pct(stance_time_ms, cadence_spm) as duty_pct,
    -- A pod that measures sides tells them; else they follow from contact time and balance.
    coalesce(told_left_ms, left_contact_ms(stance_time_ms, stance_time_balance_pct)) as left_ms,
    coalesce(told_right_ms, right_contact_ms(stance_time_ms, stance_time_balance_pct)) as right_ms,
    -- A spring of level running only; indoors there is no grade and none is needed.
    coalesce(abs(grade_pct) <= l.level_grade_pct, true)
      and 60000 / cadence_spm > stance_time_ms as is_spring,
    vertical_stiffness_knpm(
      mass_kg, stance_time_ms / 1000, (60000 / cadence_spm - stance_time_ms) / 1000, l.gravity_mps2
    ) as vertical_knpm,
    leg_stiffness_knpm(
      mass_kg, leg_m, speed_mps, stance_time_ms / 1000,
      (60000 / cadence_spm - stance_time_ms) / 1000, l.gravity_mps2
    ) as leg_knpm
  from valid as v
  cross join limits as l
)

select
  s.run_id, s.recorded_at, s.elapsed_s, s.moving_s, s.dt_s, s.distance_m, s.speed_mps,
  s.grade_pct, s.heart_rate_bpm, s.covered_s, s.is_clean, s.exclusion_key,
  s.cadence_spm,
  s.stance_time_ms,
  s.stance_time_balance_pct,
  symmetry_index_pct(s.stance_time_balance_pct) as symmetry_index_pct,
  case when s.left_ms between l.stance_time_left_ms_min and l.stance_time_left_ms_max
    then s.left_ms end as stance_time_left_ms,
  case when s.right_ms between l.stance_time_right_ms_min and l.stance_time_right_ms_max
    then s.right_ms end as stance_time_right_ms,
  coalesce(s.told_left_ms, s.told_right_ms) is not null as sides_measured,
  case when s.duty_pct between l.duty_factor_pct_min and l.duty_factor_pct_max
    then s.duty_pct end as duty_factor_pct,
  case when s.flight_ms between l.flight_time_ms_min and l.flight_time_ms_max
    then s.flight_ms end as flight_time_ms,
  s.vertical_oscillation_mm,
  case when coalesce(s.told_ratio, 100 * s.vertical_oscillation_mm / s.step_mm)
    between l.vertical_ratio_pct_min and l.vertical_ratio_pct_max
    then coalesce(s.told_ratio, 100 * s.vertical_oscillation_mm / s.step_mm)
  end as vertical_ratio_pct,
  case when s.step_mm between l.step_length_mm_min and l.step_length_mm_max
    then s.step_mm end as step_length_mm,
  case when s.is_spring
    and s.leg_knpm between l.leg_stiffness_knpm_min and l.leg_stiffness_knpm_max
    then s.leg_knpm end as leg_stiffness_knpm,
  case when s.is_spring
    and s.vertical_knpm between l.vertical_stiffness_knpm_min and l.vertical_stiffness_knpm_max
    then s.vertical_knpm end as vertical_stiffness_knpm,
  case when 60 * s.speed_mps / s.heart_rate_bpm
    between l.metres_per_beat_min and l.metres_per_beat_max
    then 60 * s.speed_mps / s.heart_rate_bpm end as metres_per_beat
from stepped as s
cross join limits as l
