-- grain: one run × 10 s with heart rate: how far it is from the run's usual at the same effort.
-- unit: run
-- Null where the rest of the run tells nothing of such an effort.
select
  p.*,
  u.usual_bpm,
  case when p.effort_mps between u.effort_from_mps and u.effort_to_mps
    then p.heart_rate_bpm - u.usual_bpm - u.bpm_per_mps * (p.effort_mps - u.usual_effort_mps)
  end as odds_bpm
from heart_rate_part as p
left join heart_rate_usual as u using (run_id)
where p.heart_rate_bpm is not null
