-- audit error: left and right, balance, symmetry index and angle are one quantity in other words
select
  run_id as subject,
  'a balance of ' || printf('%.2f', stance_time_balance_pct) || ' % stands beside a symmetry index of '
  || coalesce(printf('%.2f', symmetry_index_pct), 'nothing') || ' % and an angle of '
  || printf('%.2f', symmetry_angle_pct) || ' %' as what
from run_symmetry
where symmetry_index_pct is null
  or abs(symmetry_index_pct - 4 * (stance_time_balance_pct - 50)) > 1e-6
  or abs(normalised_asymmetry_pct - symmetry_index_pct / 2) > 1e-6
  or abs(tan(radians(45 - 0.9 * symmetry_angle_pct)) * (100 - stance_time_balance_pct)
    - stance_time_balance_pct) > 1e-6
