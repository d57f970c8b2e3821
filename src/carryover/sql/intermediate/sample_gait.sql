-- grain: one run × instant: running, walking or standing; steady or why not (keys of `exclusion`).
-- unit: run
-- `unclean_key`: no form value of it is steady; `exclusion_key`: baselines do not rest on it.
with told as not materialized (
  select
    s.*,
    case
      when s.dt_s = 0 or s.gap_s > l.silence_s or s.gap_s is null or t.run_id is null then s.dt_s
      else least(s.gap_s, t.covered_max_s)
    end as covered_s,
    coalesce(s.speed_mps, l.walking_speed_mps) < l.standing_speed_mps as is_standing,
    coalesce(s.cadence_spm > 0 and s.cadence_spm < l.walking_cadence_spm
    and coalesce(
      duty_factor_pct(s.stance_time_ms, s.cadence_spm) > l.walking_duty_factor_pct,
      s.speed_mps < l.walking_speed_mps,
      true
    ), false) as is_walking,
    coalesce(s.cadence_spm, 0) = 0 and coalesce(s.speed_mps, 0) < l.walking_speed_mps as is_still
  from sample_channel as s
  left join run_step as t using (run_id)
  cross join limits as l
),

-- Few columns for the windows: all of them would have to be held for all runs at once.
near as (
  select distinct run_id, elapsed_s
  from (
    select
      run_id,
      elapsed_s,
      elapsed_s - last_value(case when is_walking then elapsed_s end ignore nulls) over (
        partition by run_id order by elapsed_s rows between unbounded preceding and current row
      ) as since_walking_s,
      first_value(case when is_walking then elapsed_s end ignore nulls) over (
        partition by run_id order by elapsed_s rows between current row and unbounded following
      ) - elapsed_s as until_walking_s
    from told
  ) as g
  cross join limits as l
  where least(g.since_walking_s, g.until_walking_s) <= l.walking_margin_s
),

judged as (
  select
    g.* exclude (is_still),
    g.dt_s > 0 and not g.is_standing and not g.is_walking and not g.is_still as is_running,
    case
      when g.dt_s = 0 then 'pause'
      when g.is_standing or g.is_still then 'standing'
      when g.is_walking then 'walking'
      when n.run_id is not null then 'near_walking'
      when g.speed_mps < l.walking_speed_mps then 'slow'
      when g.segment > 0 and g.elapsed_s - g.segment_start_s < l.restart_margin_s
        then 'after_pause'
      when g.stance_time_ms not between l.stance_time_ms_min and l.stance_time_ms_max
        then 'contact_range'
      when g.contact_still_s > l.frozen_s and g.stance_time_ms is not null then 'contact_frozen'
    end as unclean_key
  from told as g
  cross join limits as l
  left join near as n on n.run_id = g.run_id and n.elapsed_s = g.elapsed_s
)

select
  j.*,
  case
    when j.unclean_key is not null then j.unclean_key
    when not coalesce(j.moving_s >= l.warm_up_s, false) then 'warm_up'
    when j.speed_mps is null then 'no_speed'
    when abs(j.grade_pct) > l.hill_grade_pct then 'steep'
  end as exclusion_key
from judged as j
cross join limits as l
