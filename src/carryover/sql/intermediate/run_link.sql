-- grain: one pair of recordings that are one run: as declared, else by time, distance and traces.
-- Of several shifts of a clock the one stands at which the traces agree best.
with compared as (
  select
    p.*,
    a.lag_s,
    a.agreement,
    a.apart_m,
    a.heart_agreement,
    abs(a.one_m - a.other_m) as gap_m,
    greatest(a.one_m, a.other_m) as longer_m
  from recording_pair as p
  left join pair_agreement as a using (one, other, shift_s)
),

likely as (
  select
    c.one,
    c.other,
    c.shift_s + coalesce(c.lag_s, 0) as clock_shift_s,
    case when c.shift_s = 0 then 'time and distance' else 'a clock off by whole hours' end
      as matched_by,
    c.overlap_share,
    c.agreement,
    c.gap_m / nullif(c.longer_m, 0) as distance_gap_share
  from compared as c
  cross join limits as l
  where
    coalesce(
      c.gap_m <= greatest(l.match_distance_share * c.longer_m, l.match_distance_m)
      or (c.agreement >= l.match_agreement and c.gap_m <= l.match_alike_share * c.longer_m),
      true
    )
    and (
      c.shift_s = 0
      or (
        c.agreement >= l.match_agreement and coalesce(c.heart_agreement >= l.match_doubt, true)
      )
    )
    -- Nobody is at two places at once; once a clock is set, they differ by no more than GPS does.
    and coalesce(
      c.apart_m <= case when c.shift_s = 0 then l.match_apart_m else l.match_distance_m end, true
    )
  qualify row_number() over (
    partition by c.one, c.other
    order by coalesce(c.agreement, 0) >= l.match_agreement desc, c.shift_s <> 0, c.agreement desc
  ) = 1
),

by_hand as (
  select distinct
    a.activity_id as one,
    b.activity_id as other,
    case
      when a.started_at < b.ended_at and b.started_at < a.ended_at then 0
      else epoch(a.started_at) - epoch(b.started_at)
    end as start_gap_s
  from declared_recording as x
  join declared_recording as y using (rule, entry)
  join running as a on a.activity_id = x.activity_id
  join running as b on b.activity_id = y.activity_id
  where x.rule = 'same' and a.clock_rank < b.clock_rank and a.athlete_id = b.athlete_id
)

select
  coalesce(h.one, k.one) as one,
  coalesce(h.other, k.other) as other,
  coalesce(k.clock_shift_s, h.start_gap_s)::double as clock_shift_s,
  case when h.one is not null then 'configuration' else k.matched_by end as matched_by,
  coalesce(k.overlap_share, 0) as overlap_share,
  k.agreement,
  k.distance_gap_share
from by_hand as h
full join likely as k on k.one = h.one and k.other = h.other
