-- grain: one run × instant: channels with grade, and how long a dynamics value has stood still.
-- unit: run
-- Of ground that is not there (indoors, a game's hills) there is no grade.
-- `gap_s` is the time to the next instant; `heart_rate_step_bpm` the change since the one before.
select
  s.*,
  p.* exclude (run_id, elapsed_s),
  case
    when i.run_id is null and g.ground_m >= limits.grade_min_distance_m and abs(g.slope * 100) <= limits.max_grade_pct
      then g.slope * 100
  end as grade_pct
from sample_told as s
cross join limits
left join spell as p on p.run_id = s.run_id and p.elapsed_s = s.elapsed_s
left join ground as g on g.run_id = s.run_id and g.elapsed_s = s.elapsed_s
left join run_indoors as i on i.run_id = s.run_id
