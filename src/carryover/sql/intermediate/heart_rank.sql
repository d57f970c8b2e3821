-- grain: one run with a heart rate: where it stands among the athlete's, from 0 (the lowest) to 1.
select
  run_id,
  percent_rank() over (partition by athlete_id order by avg_heart_rate_bpm) as heart_rank,
  count(*) over (partition by athlete_id) as n_hearts
from run_base
where avg_heart_rate_bpm is not null
