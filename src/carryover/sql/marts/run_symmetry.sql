-- grain: one run whose sensor tells left from right: its contact balance in all its words.
-- Nothing is folded: a score is told from the athlete's own fixed side (athlete_symmetry).
with told as (
  select
    f.*,
    b.sensor_epoch,
    m.valid_s,
    p.sides_measured,
    round(greatest(f.stance_time_balance_pct, 100 - f.stance_time_balance_pct), 1) as longer_pct,
    a.baseline_side,
    case a.baseline_side when 'left' then 1 when 'right' then -1 end as outward,
    d.change_adj,
    d.se,
    d.ci_low,
    d.ci_high,
    d.reason
  from run_form as f
  join run_base as b using (run_id)
  join run_metric as m on m.run_id = f.run_id and m.metric = 'stance_time_balance_pct'
  join run_sides as p on p.run_id = f.run_id
  left join athlete_symmetry as a
    on a.athlete_id = b.athlete_id and a.sensor_epoch = b.sensor_epoch
  left join form_decay as d on d.run_id = f.run_id and d.metric = 'stance_time_balance_pct'
)

select
  t.run_id::varchar as run_id, -- the run
  t.athlete_id::varchar as athlete_id, -- whose
  t.local_date::date as local_date, -- the runner's own date at the start
  t.sensor_epoch::varchar as sensor_epoch, -- measured by
  t.stance_time_balance_pct::double as stance_time_balance_pct, -- contact balance, % left
  t.stance_time_balance_pct_adj::double as stance_time_balance_pct_adj, -- at reference speed, level, % left
  t.stance_time_left_ms::double as stance_time_left_ms, -- left contact time, ms
  t.stance_time_right_ms::double as stance_time_right_ms, -- right contact time, ms
  case when t.sides_measured then 'pods' else 'balance' end::varchar as sides_from, -- pods: each side measured; balance: by formula
  t.symmetry_index_pct::double as symmetry_index_pct, -- Robinson: 100·(L−R)/(½(L+R)), %
  normalised_asymmetry_pct(t.stance_time_balance_pct)::double as normalised_asymmetry_pct, -- 100·(L−R)/(L+R), %
  symmetry_angle_pct(t.stance_time_balance_pct)::double as symmetry_angle_pct, -- Zifchock: 100·(45° − atan(L/R))/90°, %; below 0: longer left
  case
    when t.longer_pct <= l.balance_zone_inner_pct then 'middle'
    when t.longer_pct <= l.balance_zone_outer_pct then 'next'
    else 'outer'
  end::varchar as zone, -- Garmin's zone of the whole run: middle, next or outer; for orientation only
  t.baseline_side::varchar as baseline_side, -- the athlete's own side with this sensor; null where none can be told
  (t.outward * (t.stance_time_balance_pct_adj - 50))::double as signed_score_pct, -- how far on that side at reference speed, points; below 0: on the other
  e.se_pct::double as balance_se_pct, -- standard error of steady, level balance from 4-minute blocks, points
  coalesce(e.n_blocks, 0)::int as n_blocks, -- blocks that it rests on
  t.change_adj::double as drift_pct, -- late − early at equal speed and grade, points towards the left
  t.se::double as drift_se_pct, -- its standard error, points
  (t.outward * t.change_adj)::double as drift_outward_pct, -- the same: above 0 away from the middle, below 0 towards it
  least(t.outward * t.ci_low, t.outward * t.ci_high)::double as drift_outward_low_pct, -- its 95 % interval, lower end
  greatest(t.outward * t.ci_low, t.outward * t.ci_high)::double as drift_outward_high_pct, -- upper end
  t.reason::varchar as drift_reason, -- why the run tells no drift
  t.valid_s::double as valid_s -- running seconds with a valid balance, s
from told as t
left join run_balance as e on e.run_id = t.run_id
cross join limits as l
where t.stance_time_balance_pct is not null
order by t.athlete_id, t.local_date, t.run_id
