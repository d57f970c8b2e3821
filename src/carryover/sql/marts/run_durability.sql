-- grain: one run: what its heart rate costs a metre late against early (Smyth et al. 2022).
-- unit: run; order: run_id
select
  d.run_id::varchar as run_id, -- the run
  (d.reason is null and d.ratio is not null)::boolean as eligible, -- early and late compare
  d.reason::varchar as reason, -- why they do not; null where they do
  case when d.reason is null then d.ratio end::double as hr_decoupling_ratio, -- beats a metre late over early, on the flat of equal cost; 1 is no drift
  case when d.reason is null then d.drift_bpm end::double as hr_drift_bpm, -- what that is at the early pace, bpm
  case
    when d.reason is not null or d.ratio is null then null
    when d.ratio >= l.decoupling_high then 'high'
    when d.ratio >= l.decoupling_moderate then 'moderate'
    else 'low'
  end::varchar as decoupling_class, -- low, moderate or high; bounds of marathons (table threshold, decoupling_…)
  d.early_beats_per_m::double as early_beats_per_m, -- heartbeats a metre in the early window
  d.late_beats_per_m::double as late_beats_per_m, -- heartbeats a metre in the late window
  d.early_bpm::double as early_heart_rate_bpm, -- mean heart rate early, faults left out, bpm
  d.late_bpm::double as late_heart_rate_bpm, -- mean heart rate late, faults left out, bpm
  d.early_valid_s::double as early_valid_s, -- running with a faultless heart rate on less than 6 % grade, early, s
  d.late_valid_s::double as late_valid_s, -- the same late, s
  d.valid_share::double as valid_share -- the smaller share of a window's running that this is
from durability as d
cross join limits as l
order by d.run_id
