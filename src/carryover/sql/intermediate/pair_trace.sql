-- grain: one instant of one recording that may be one run with another and must be looked at.
with paired as (
  select one as activity_id from recording_pair where not is_plain
  union
  select other from recording_pair where not is_plain
)

select
  s.activity_id,
  epoch(s.recorded_at) as at_s,
  s.distance_m,
  s.speed_mps,
  s.cadence_spm,
  s.heart_rate_bpm,
  s.latitude_deg,
  s.longitude_deg
from store.sample as s
join running as r using (content_id, activity_id)
join paired as p using (activity_id)
order by s.activity_id, s.recorded_at
