-- grain: one run with enough of it: its usual heart rate, and how that rises with effort.
-- unit: run
-- The first minutes and what may be the steps' rhythm stay out; medians bear the odd fault.
select
  p.run_id,
  median(p.heart_rate_bpm) as usual_bpm,
  median(p.effort_mps) as usual_effort_mps,
  quantile_cont(p.effort_mps, 0.05) - l.effort_margin_mps as effort_from_mps,
  quantile_cont(p.effort_mps, 0.95) + l.effort_margin_mps as effort_to_mps,
  greatest(0, least(
    l.heart_rate_slope_max, coalesce(slope_of(p.heart_rate_bpm, p.effort_mps), 0)
  )) as bpm_per_mps
from heart_rate_part as p
cross join limits as l
where p.is_running and not p.is_near_steps and p.moving_s >= l.settle_s
  and p.heart_rate_bpm is not null and p.effort_mps is not null
group by p.run_id, l.effort_margin_mps, l.heart_rate_slope_max, l.heart_rate_rest_min_s
having sum(exact(p.covered_s)) >= l.heart_rate_rest_min_s
