-- grain: one run × early or late window: its two-minute speeds on the flat of equal cost.
-- unit: run
-- On hills an even pace is no even effort and the other way round: the evener of both is the spread.
with placed as (
  select
    b.run_id,
    b.speed_mps,
    flat_speed_mps(b.speed_mps, coalesce(b.grade_pct, 0)) as flat_speed_mps,
    decay_window(
      b.mid_moving_s, t.moving_s,
      l.early_from_share, l.early_to_share, l.early_min_s, l.late_from_share, l.late_trim_s
    ) as part
  from run_bin as b
  join (select run_id, max(moving_s) as moving_s from sample_value group by run_id) as t
    using (run_id)
  cross join limits as l
  where b.speed_mps is not null
)

select
  run_id,
  part,
  min(flat_speed_mps) as slowest_mps,
  max(flat_speed_mps) as fastest_mps,
  median(flat_speed_mps) as usual_mps,
  least(spread_of(flat_speed_mps), spread_of(speed_mps)) as spread_mps
from placed
where part is not null
group by run_id, part
