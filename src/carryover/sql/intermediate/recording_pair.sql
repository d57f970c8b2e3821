-- grain: one pair of running recordings that may be one run × shift of the other's clock.
-- A clock may be an hour off (summer time), or tell local time as UTC. Two recordings without a
-- shift need to cover the same time; with one they must also begin and end together. A plain copy
-- (begins and ends with the other, as far, in one place) needs no look at its traces.
with shifted as (
  select
    a.activity_id as one,
    b.activity_id as other,
    epoch(a.started_at) as one_from_s,
    epoch(a.ended_at) as one_to_s,
    epoch(b.started_at) as other_from_s,
    epoch(b.ended_at) as other_to_s,
    abs(a.distance_m - b.distance_m) as gap_m,
    greatest(a.distance_m, b.distance_m) as longer_m,
    111195 * sqrt(
      pow(i.latitude_deg - j.latitude_deg, 2)
      + pow((i.longitude_deg - j.longitude_deg) * cos(radians(i.latitude_deg)), 2)
    ) as apart_m,
    unnest(list_distinct([
      0, 3600, -3600, a.utc_offset_s, -a.utc_offset_s, b.utc_offset_s, -b.utc_offset_s
    ])) as shift_s
  from running as a
  join running as b
    on a.athlete_id = b.athlete_id
    and a.clock_rank < b.clock_rank
    and a.started_at < b.ended_at + interval 14 hours
    and b.started_at < a.ended_at + interval 14 hours
  left join recording_place as i on i.activity_id = a.activity_id
  left join recording_place as j on j.activity_id = b.activity_id
),

spanned as (
  select
    *,
    greatest(one_from_s, other_from_s + shift_s) as from_s,
    least(one_to_s, other_to_s + shift_s) as to_s,
    least(one_to_s - one_from_s, other_to_s - other_from_s) as shorter_s,
    abs((one_to_s - one_from_s) - (other_to_s - other_from_s)) as length_gap_s
  from shifted
)

select
  s.one,
  s.other,
  s.shift_s::double as shift_s,
  s.from_s,
  s.to_s,
  coalesce((s.to_s - s.from_s) / nullif(s.shorter_s, 0), 1) as overlap_share,
  s.shift_s = 0
  and abs(s.one_from_s - s.other_from_s) <= l.match_plain_s
  and s.length_gap_s <= l.match_plain_s
  and coalesce(s.gap_m <= l.match_distance_share * s.longer_m, false)
  and coalesce(s.apart_m <= l.match_apart_m, true) as is_plain
from spanned as s
cross join limits as l
where
  s.to_s - s.from_s >= l.match_overlap_share * s.shorter_s
  and (
    s.shift_s = 0
    or (
      abs(s.one_from_s - s.other_from_s - s.shift_s) <= l.match_shift_start_s
      and s.length_gap_s <= greatest(l.match_shift_start_s, l.match_distance_share * s.shorter_s)
    )
  )
