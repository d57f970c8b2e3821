-- audit warning: a pod's two sides agree with the contact time and the balance beside them
select
  run_id as subject,
  'left and right contact (' || printf('%.0f', s.stance_time_left_ms) || ' and '
  || printf('%.0f', s.stance_time_right_ms) || ' ms) contradict the run''s contact time of '
  || printf('%.0f', f.stance_time_ms) || ' ms or its balance of '
  || printf('%.1f', s.stance_time_balance_pct) || ' %' as what
from run_symmetry as s
join run_form as f using (run_id)
where abs((s.stance_time_left_ms + s.stance_time_right_ms) / 2 / f.stance_time_ms - 1) > 0.05
  or abs(100 * s.stance_time_left_ms / (s.stance_time_left_ms + s.stance_time_right_ms)
    - s.stance_time_balance_pct) > 1
