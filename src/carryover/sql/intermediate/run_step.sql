-- grain: one run: how far apart its instants usually are, and what one may stand for.
-- unit: run
-- A watch that writes every few seconds has no gaps there; what is much longer than its own usual
-- step is one, and so is a silence that ends a segment (dt_s has only the 5 s that it gives all).
select
  s.run_id,
  median(s.gap_s) as usual_step_s,
  greatest(l.instant_max_s, l.step_stretch * median(s.gap_s)) as covered_max_s
from sample_channel as s
cross join limits as l
where s.dt_s > 0 and s.gap_s <= l.silence_s
group by s.run_id, l.instant_max_s, l.step_stretch
