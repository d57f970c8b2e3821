-- grain: one run of several recordings × channel group: the recording that gives it, and why.
-- unit: run; order: run_id, channel_group
-- A recording counts where it knows the channel about as long as the best one does; for form and
-- cadence half as long will do, since a pod's is worth more than a wrist's.
with known as (
  select
    m.run_id,
    m.activity_id,
    unnest([
      {'channel_group': 'dynamics', 'known_s': sum(exact(s.dt_s)) filter (where coalesce(
        s.stance_time_ms, s.stance_time_balance_pct, s.vertical_oscillation_mm) is not null)},
      {'channel_group': 'cadence',
        'known_s': sum(exact(s.dt_s)) filter (where s.cadence_spm is not null)},
      {'channel_group': 'heart_rate',
        'known_s': sum(exact(s.dt_s)) filter (where s.heart_rate_bpm is not null)},
      {'channel_group': 'position',
        'known_s': sum(exact(s.dt_s)) filter (where s.latitude_deg is not null)},
      {'channel_group': 'altitude',
        'known_s': sum(exact(s.dt_s)) filter (where s.altitude_m is not null)},
      {'channel_group': 'speed',
        'known_s': sum(exact(s.dt_s)) filter (where s.speed_mps is not null)},
      {'channel_group': 'power', 'known_s': sum(exact(s.dt_s)) filter (where s.power_w is not null)},
      {'channel_group': 'temperature',
        'known_s': sum(exact(s.dt_s)) filter (where s.temperature_c is not null)}
    ], recursive := true)
  from run_member as m
  join store.sample as s using (content_id, activity_id)
  where m.n_sources > 1
  group by m.run_id, m.activity_id
),

kinds as (
  select
    k.*,
    m.* exclude (run_id, activity_id),
    case
      when k.channel_group = 'dynamics' then m.dynamics_kind
      when k.channel_group in ('cadence', 'power') and m.dynamics_kind = 'pod' then 'pod'
      when k.channel_group = 'heart_rate' and m.has_strap then 'strap'
      else m.source_kind
    end as channel_kind,
    max(k.known_s) over (partition by k.run_id, k.channel_group) as most_s
  from known as k
  join run_member as m using (run_id, activity_id)
  where k.known_s > 0
),

ranked as (
  select
    k.*,
    min(p.place) as place,
    min_by(p.reason, p.place) as reason,
    k.known_s >= k.most_s * case
      when k.channel_group in ('dynamics', 'cadence') then l.channel_form_share
      else l.channel_share
    end as is_enough
  from kinds as k
  cross join limits as l
  left join channel_source as p
    on p.channel_group = k.channel_group
    and (p.word = k.channel_kind or (p.place <= 0 and contains(k.named, p.word)))
  group by all
)

select
  run_id,
  channel_group,
  activity_id,
  content_id,
  clock_shift_s,
  channel_kind,
  known_s,
  reason
from ranked
qualify row_number() over (
  partition by run_id, channel_group
  order by is_enough desc, place nulls last, clock_rank, activity_id
) = 1
