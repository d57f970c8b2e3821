-- grain: one run × 2-minute bin of moving time: means over clean running on less than 6 % grade.
-- unit: run; order: run_id, bin_index
with clean as (
  select
    v.*,
    floor(v.moving_s / limits.bin_s)::int as bin_index,
    v.is_clean and coalesce(abs(v.grade_pct) <= limits.hill_grade_pct, true) as counts
  from sample_value as v
  cross join limits
),

bin as (
  select
    run_id,
    bin_index,
    sum(exact(covered_s)) as running_s,
    coalesce(sum(exact(covered_s)) filter (where counts), 0) as clean_s,
    coalesce(sum(exact(covered_s)) filter (where exclusion_key is null), 0) as steady_s,
    time_mean(moving_s, dt_s) as mid_moving_s,
    time_mean(case when counts then speed_mps end, dt_s) as speed_mps,
    spread_of(case when counts then speed_mps end) as speed_sd_mps,
    time_mean(case when counts then grade_pct end, dt_s) as grade_pct,
    time_mean(case when counts then heart_rate_bpm end, dt_s) as heart_rate_bpm
  from clean
  group by run_id, bin_index
),

judged as (
  select
    b.*,
    case
      when b.bin_index * limits.bin_s < limits.warm_up_s then 'warm_up'
      when b.speed_mps is null then 'no_speed'
      when b.clean_s < limits.bin_min_valid_s then 'bin_short'
      when abs(b.grade_pct) > limits.level_grade_pct then 'bin_hilly'
    end as exclusion_key
  from bin as b
  cross join limits
)

select
  b.run_id::varchar as run_id, -- run this bin is part of
  b.bin_index::int as bin_index, -- 0 is the first two minutes of moving time
  b.mid_moving_s::double as mid_moving_s, -- moving time at its middle, s
  b.running_s::double as running_s, -- running seconds in it, s
  b.clean_s::double as clean_s, -- of these steady and on less than 6 % grade, s
  b.speed_mps::double as speed_mps, -- mean speed of clean running, m/s
  b.speed_sd_mps::double as speed_sd_mps, -- spread of speed within the bin, m/s
  b.grade_pct::double as grade_pct, -- mean grade of clean running, %; null indoors
  b.heart_rate_bpm::double as heart_rate_bpm, -- mean heart rate without its faults, bpm
  (b.exclusion_key is null)::boolean as is_baseline, -- steady, level, after the first 10 minutes: baselines rest on it
  b.steady_s::double as steady_s, -- seconds that may count for baselines, s
  coalesce(e.reason, b.exclusion_key)::varchar as excluded_by -- why baselines do not rest on it (table exclusion); null where they do
from judged as b
left join exclusion_data as e using (exclusion_key)
order by b.run_id, b.bin_index
