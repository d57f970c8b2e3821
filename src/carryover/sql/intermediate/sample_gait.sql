-- grain: one run × instant: running, walking or standing; steady or why not.
with gait as (
  select
    s.*,
    limits.walking_margin_s as margin_s,
    100 * s.stance_time_ms / 1000 * s.cadence_spm / 2 / 60 as duty_factor,
    coalesce(s.speed_mps, limits.walking_speed_mps) < limits.standing_speed_mps as is_standing,
    coalesce(s.cadence_spm > 0 and s.cadence_spm < limits.walking_cadence_spm
    and coalesce(
      100 * s.stance_time_ms / 1000 * s.cadence_spm / 2 / 60 > limits.walking_duty_factor_pct,
      s.speed_mps < limits.walking_speed_mps,
      true
    ), false) as is_walking,
    coalesce(s.cadence_spm, 0) = 0 and coalesce(s.speed_mps, 0) < limits.walking_speed_mps
      as is_still
  from sample_channel as s
  cross join limits
),

placed as (
  select
    *,
    dt_s > 0 and not is_standing and not is_walking and not is_still as is_running,
    coalesce(max(is_walking::int) over (
      partition by run_id order by elapsed_s range between margin_s preceding and margin_s following
    ), 0) = 1 as is_near_walking
  from gait
)

select
  p.* exclude (is_still, is_near_walking, duty_factor, margin_s),
  case
    when p.dt_s = 0 then 'pause'
    when p.is_standing or p.is_still then 'standing'
    when p.is_walking then 'walking'
    when p.is_near_walking then 'within 10 s of walking'
    when p.speed_mps < limits.walking_speed_mps then 'slower than 1.8 m/s'
    when p.segment > 0 and p.elapsed_s - p.segment_start_s < limits.restart_margin_s
      then '15 s after a pause'
    when p.stance_time_ms not between limits.stance_time_ms_min and limits.stance_time_ms_max
      then 'contact time outside 120 to 450 ms'
    when p.contact_still_s > limits.frozen_s and p.stance_time_ms is not null
      then 'contact time frozen'
  end as unclean_reason
from placed as p
cross join limits
