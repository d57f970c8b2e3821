-- grain: one athlete × sensor epoch × kind of condition × class: contact balance in it, runs as the unit.
-- A run's mean in a class is weighed by time; what is told is the mean of the runs' means with its
-- error from run to run, and the change within those runs that have both the class and the reference.
-- Reference: level ground, the middle third of pace, the second and third tenth of a run.
-- Thirds of pace are those of the athlete's own level running time, the same for all sensors.
with third as (
  select
    run_id,
    bin_index,
    least(2, floor(3 * (sum(valid_s) over slower - valid_s / 2) / sum(valid_s) over whole))::int
      as third
  from balance_bin
  where is_baseline
  window
    slower as (partition by athlete_id order by speed_mps, run_id, bin_index),
    whole as (partition by athlete_id)
),

placed as (
  select
    b.*,
    'grade' as kind,
    case
      when b.grade_pct < -l.condition_grade_pct then 1
      when b.grade_pct <= l.condition_grade_pct then 2
      else 3
    end as class_rank,
    class_rank = 2 as is_reference
  from balance_bin as b
  cross join limits as l
  where b.grade_pct is not null and b.mid_moving_s >= l.warm_up_s

  union all

  select b.*, 'pace', t.third + 1, t.third = 1
  from balance_bin as b
  join third as t using (run_id, bin_index)

  union all

  select
    b.*,
    'tenth',
    least(10, 1 + floor(10 * b.mid_moving_s / b.moving_s))::int as tenth,
    tenth in (2, 3)
  from balance_bin as b
  cross join limits as l
  where b.moving_s >= l.decay_min_moving_s
),

of_run as (
  select
    athlete_id, sensor_epoch, run_id, kind, class_rank, is_reference,
    time_mean(value, valid_s) as value,
    time_mean(speed_mps, valid_s) as speed_mps,
    time_mean(grade_pct, valid_s) as grade_pct,
    sum(valid_s) as valid_s,
    min(speed_mps) as low_speed_mps,
    max(speed_mps) as high_speed_mps
  from placed
  group by all
  having sum(valid_s) >= (select condition_min_s from limits)
),

reference as (
  select run_id, kind, time_mean(value, valid_s) as reference
  from of_run
  where is_reference
  group by all
),

beside as (
  select o.*, r.reference
  from of_run as o
  left join reference as r using (run_id, kind)
),

counted as (
  select
    athlete_id, sensor_epoch, kind, class_rank, is_reference,
    count(*) as n_runs,
    sum(valid_s) as valid_s,
    time_mean(speed_mps, valid_s) as speed_mps,
    time_mean(grade_pct, valid_s) as grade_pct,
    min(low_speed_mps) as low_speed_mps,
    max(high_speed_mps) as high_speed_mps,
    avg(value) as mean,
    stddev_samp(value) / sqrt(count(*)) as se,
    count(reference) filter (where not is_reference) as n_paired,
    avg(value - reference) filter (where not is_reference) as change,
    stddev_samp(value - reference) filter (where not is_reference) / sqrt(n_paired) as change_se
  from beside
  group by all
),

judged as (
  select
    c.* exclude (mean, se, change, change_se),
    case when n_runs >= l.condition_min_runs then mean end as mean,
    case when n_runs >= l.condition_min_runs then se end as se,
    student_975(n_runs - 1) as wide,
    case when n_paired >= l.condition_min_runs then change end as change,
    case when n_paired >= l.condition_min_runs then change_se end as change_se,
    student_975(n_paired - 1) as change_wide
  from counted as c
  cross join limits as l
)

select
  j.athlete_id::varchar as athlete_id, -- whose
  j.sensor_epoch::varchar as sensor_epoch, -- measured by
  j.kind::varchar as kind, -- grade, pace (level running alone) or tenth (of runs of 50 minutes or more)
  j.class_rank::int as class_rank, -- order in its kind: downhill to uphill, slow to fast, first to last tenth
  case j.kind
    when 'grade' then ['downhill', 'level', 'uphill'][j.class_rank]
    when 'pace' then ['slow third', 'middle third', 'fast third'][j.class_rank]
    else format('tenth {}', j.class_rank)
  end::varchar as condition, -- the class in words
  j.is_reference::boolean as is_reference, -- whether changes are told from this class
  j.n_runs::int as n_runs, -- runs with two minutes or more in it
  j.valid_s::double as valid_s, -- valid seconds of those runs in it, s
  j.speed_mps::double as speed_mps, -- mean speed in it, m/s
  case when j.kind = 'pace' then j.low_speed_mps end::double as low_speed_mps, -- slowest two minutes of the third, m/s
  case when j.kind = 'pace' then j.high_speed_mps end::double as high_speed_mps, -- fastest two minutes of it, m/s
  j.grade_pct::double as grade_pct, -- mean grade in it, %
  j.mean::double as balance_pct, -- mean of the runs' mean balance, % left; null below five runs
  j.se::double as balance_se_pct, -- its standard error from run to run, points; drifts of the level make it larger
  (j.mean - j.wide * j.se)::double as balance_low_pct, -- 95 % interval, lower end
  (j.mean + j.wide * j.se)::double as balance_high_pct, -- upper end
  j.n_paired::int as n_paired, -- runs with both this class and the reference
  j.change::double as change_pct, -- class − reference in the same run, mean over runs, points towards the left
  j.change_se::double as change_se_pct, -- its standard error from run to run, points
  (j.change - j.change_wide * j.change_se)::double as change_low_pct, -- 95 % interval, lower end
  (j.change + j.change_wide * j.change_se)::double as change_high_pct -- upper end
from judged as j
order by j.athlete_id, j.sensor_epoch, j.kind, j.class_rank
