-- grain: one run long enough: beats a metre late over beats a metre early (Smyth et al. 2022).
with windowed as (
  select
    v.run_id,
    v.dt_s,
    v.speed_mps,
    v.heart_rate_bpm,
    case
      when v.moving_s between greatest(l.early_from_share * t.moving_s, l.early_min_s)
        and l.early_to_share * t.moving_s then 'early'
      when v.moving_s between l.late_from_share * t.moving_s and t.moving_s - l.late_trim_s
        then 'late'
    end as part
  from sample_value as v
  join (select run_id, max(moving_s) as moving_s from sample_value group by run_id) as t
    using (run_id)
  cross join limits as l
  where v.heart_rate_bpm is not null and v.speed_mps is not null
    and t.moving_s >= l.decay_min_moving_s
),

part as (
  select
    run_id,
    part,
    sum(heart_rate_bpm * dt_s) / nullif(sum(speed_mps * dt_s), 0) as beats_a_metre,
    sum(dt_s) as valid_s
  from windowed
  where part is not null
  group by run_id, part
)

select
  e.run_id,
  n.beats_a_metre / nullif(e.beats_a_metre, 0) as hr_decoupling_ratio
from part as e
join part as n on n.run_id = e.run_id and n.part = 'late'
cross join limits as l
where e.part = 'early'
  and e.valid_s >= l.window_min_valid_s
  and n.valid_s >= l.window_min_valid_s
