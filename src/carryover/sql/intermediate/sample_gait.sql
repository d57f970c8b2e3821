-- grain: one run × instant: running, walking or standing; steady or why not.
with told as (
  select
    s.*,
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

gait as (
  select
    *,
    elapsed_s - last_value(case when is_walking then elapsed_s end ignore nulls) over (
      partition by run_id order by elapsed_s rows between unbounded preceding and current row
    ) as since_walking_s,
    first_value(case when is_walking then elapsed_s end ignore nulls) over (
      partition by run_id order by elapsed_s rows between current row and unbounded following
    ) - elapsed_s as until_walking_s
  from told
)

select
  g.* exclude (is_still, since_walking_s, until_walking_s),
  g.dt_s > 0 and not g.is_standing and not g.is_walking and not g.is_still as is_running,
  case
    when g.dt_s = 0 then 'pause'
    when g.is_standing or g.is_still then 'standing'
    when g.is_walking then 'walking'
    when least(g.since_walking_s, g.until_walking_s) <= limits.walking_margin_s
      then 'within 10 s of walking'
    when g.speed_mps < limits.walking_speed_mps then 'slower than 1.8 m/s'
    when g.segment > 0 and g.elapsed_s - g.segment_start_s < limits.restart_margin_s
      then '15 s after a pause'
    when g.stance_time_ms not between limits.stance_time_ms_min and limits.stance_time_ms_max
      then 'contact time outside 120 to 450 ms'
    when g.contact_still_s > limits.frozen_s and g.stance_time_ms is not null
      then 'contact time frozen'
  end as unclean_reason
from gait as g
cross join limits
