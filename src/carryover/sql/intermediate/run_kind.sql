-- grain: one run: its kind, who says so and why; hills and track beside it.
-- The person's word goes first, then that of the file or list, then the data. Of these treadmill goes
-- before race, race before workout, workout before long; hilly and track are what is left.
with word as (
  select
    meaning,
    ' ' || trim(regexp_replace(strip_accents(lower(word)), '[^\p{L}\p{N}]+', ' ', 'g')) as word,
    regexp_matches(word, '[^\x00-\x{2FF}]') as is_run_together
  from kind_word
),

named as (
  select
    run_id,
    ' ' || trim(regexp_replace(strip_accents(lower(concat_ws(' ', name, recorded_name))),
      '[^\p{L}\p{N}]+', ' ', 'g')) || ' ' as name
  from run_base
),

-- German joins words: a long one also counts at the end of another.
spoken_of as (
  select
    n.run_id,
    bool_or(w.meaning = 'race') and not bool_or(w.meaning = 'plan') as names_race,
    bool_or(w.meaning = 'indoor track') as names_track
  from named as n
  join word as w
    on contains(n.name, case when w.is_run_together then trim(w.word) else w.word || ' ' end)
    or (length(w.word) >= 8 and contains(n.name, trim(w.word) || ' '))
  group by n.run_id
),

near as (
  select
    b.run_id,
    min_by(d.name, abs(b.distance_m - d.distance_m) / d.distance_m) as race_name,
    min_by(d.distance_m, abs(b.distance_m - d.distance_m) / d.distance_m) as race_m,
    min(abs(b.distance_m - d.distance_m) / d.distance_m) as off_share
  from run_base as b
  cross join race_distance as d
  group by b.run_id
),

said as (
  select run_id, kind, run from declared_run where n_meant = 1 and nth_of_run = 1
),

pod_only as (
  select run_id, bool_and(source_kind = 'pod') as is_pod_only
  from run_member
  group by run_id
),

judged as (
  select
    b.*,
    u.usual_mps,
    p.mean_effort_mps / u.usual_mps as over_usual,
    u.equal_mps / u.best_mps as of_best,
    h.heart_rank,
    p.unevenness,
    n.race_name,
    e.structure,
    e.n_efforts,
    e.shortest_s,
    e.longest_s,
    e.first_speed_mps,
    e.effort_speed_mps,
    t.kind as told_kind,
    t.reason as told_reason,
    s.kind as said_kind,
    coalesce(w.names_race, false) as names_race,
    coalesce(w.names_track, false) as names_track,
    p.climb_mpkm,
    case when p.has_altitude and i.run_id is null then coalesce(
      (p.climb_mpkm >= l.hilly_climb_mpkm and p.slope_share >= l.hilly_share)
      or p.climb_mpkm >= l.hilly_climb_alone_mpkm, false
    ) end as is_hilly,
    i.run_id is not null as told_indoors,
    not b.has_position and p.has_steps and not coalesce(o.is_pod_only, false)
      and b.distance_m > 0 and coalesce(b.sub_sport, '') not in ('street', 'trail', 'track', 'ultra')
      and coalesce(p.climb_mpkm < l.indoor_climb_mpkm, not p.has_altitude) as looks_indoors,
    k.anticlockwise_laps,
    k.clockwise_laps,
    k.run_id is not null or b.sub_sport = 'track' as is_outdoor_track,
    median(b.moving_s) over (partition by b.athlete_id) as usual_s,
    b.moving_s >= l.long_run_s as is_long,
    -- What is asked of a race: its distance, its pace, its evenness, and no quiet heart.
    n.off_share <= l.race_tolerance as is_race_distance,
    n.race_m >= l.race_long_m and n.off_share <= l.race_long_tolerance as is_race_long,
    l.race_speed_ratio * pow(b.distance_m / 5000, -l.race_fade) as asked_ratio,
    coalesce(p.unevenness <= l.race_unevenness, false)
      and 1 - b.moving_s / nullif(b.elapsed_s, 0) <= l.race_still_share as is_even,
    coalesce(h.n_hearts >= l.race_heart_runs and h.heart_rank < l.race_heart_rank, false)
      as is_quiet
  from run_base as b
  cross join limits as l
  left join run_pace as p using (run_id)
  left join usual_effort as u using (run_id)
  left join heart_rank as h using (run_id)
  left join near as n using (run_id)
  left join spoken_of as w using (run_id)
  left join run_effort as e using (run_id)
  left join run_track as k using (run_id)
  left join told_kind as t using (run_id)
  left join said as s using (run_id)
  left join pod_only as o using (run_id)
  left join run_indoors as i using (run_id)
),

raced as (
  select
    j.*,
    coalesce(is_even and (
      (is_race_long and over_usual >= l.race_long_ratio)
      or (
        is_race_distance and not is_quiet
        and over_usual >= asked_ratio - case when names_race then l.race_word_gain else 0 end
        and of_best >= case when names_race then l.race_near_best_word else l.race_near_best end
      )
      -- Many races have a length of their own: then it must be as hard as anything this season.
      or (
        over_usual >= asked_ratio + case when names_race then 0 else l.race_all_out_gain end
        and of_best >= l.race_all_out_best
        and heart_rank >= l.race_all_out_heart
      )
    ), false) as looks_race
  from judged as j
  cross join limits as l
),

kinds as (
  select
    r.*,
    case
      when told_indoors and names_track then 'track'
      when told_indoors then 'treadmill'
      when told_kind in ('race', 'workout') then told_kind
    end as file_kind,
    case
      when looks_indoors then 'treadmill'
      when looks_race then 'race'
      when structure is not null then 'workout'
      when r.moving_s >= l.long_run_s
        or (r.moving_s >= l.long_run_min_s and r.moving_s >= l.long_run_ratio * r.usual_s)
        then 'long'
      when is_outdoor_track then 'track'
      when is_hilly then 'hilly'
      else 'easy'
    end as data_kind
  from raced as r
  cross join limits as l
),

decided as (
  select
    *,
    -- A long run that a list tells of may still be a race or a workout by its trace.
    coalesce(
      said_kind, file_kind,
      case when told_kind = 'long' and data_kind not in ('treadmill', 'race', 'workout') then 'long' end,
      data_kind
    ) as kind,
    case
      when said_kind is not null then 'person'
      when file_kind is not null
        or (told_kind = 'long' and data_kind not in ('treadmill', 'race', 'workout')) then 'file'
      else 'data'
    end as kind_by
  from kinds
),

worded as (
  select
    *,
    case structure
      when 'intervals' then counted(n_efforts, 'effort') || ' of ' || span_words(shortest_s, longest_s)
        || ' at ' || pace_words(effort_speed_mps)
      when 'tempo' then
        case when n_efforts > 1 then counted(n_efforts, 'effort') || ' of up to ' else '' end
        || format('{:d} min', round(longest_s / 60)::int) || ' at ' || pace_words(effort_speed_mps)
      when 'progression'
        then 'faster and faster, ' || pace_words(first_speed_mps) || ' to ' || pace_words(effort_speed_mps)
    end as effort_words,
    case
      when anticlockwise_laps + clockwise_laps > 0 then
        format('{:d} laps of a 400 m track', round(anticlockwise_laps + clockwise_laps)::int)
    end as track_words
  from decided
)

select
  w.run_id,
  w.kind,
  w.kind_by,
  case
    when w.kind_by = 'person' then 'as you say in carryover.toml'
    when w.kind_by = 'file' and w.kind = 'track' then 'the watch''s profile is an indoor track'
    when w.kind_by = 'file' and w.kind = 'treadmill'
      then 'the file says ' || lower(spoken(w.sub_sport))
    when w.kind_by = 'file' then w.told_reason
      || case when w.kind = 'workout' and w.effort_words is not null
        then ': ' || w.effort_words else '' end
    when w.kind = 'treadmill' then 'no places and no climb were recorded'
    when w.kind = 'race' then case when w.is_race_distance then w.race_name
        else format('{:.1f} km', w.distance_m / 1000) end || ' at an even ' || pace_words(w.avg_speed_mps) || ', '
      || format('{:d} % {} than usual', abs(round(100 * (w.over_usual - 1)))::int,
        case when w.over_usual >= 1 then 'faster' else 'slower' end)
      || case when w.names_race then '; its name speaks of a race' else '' end
    when w.kind = 'workout' then w.effort_words
    when w.kind = 'long' then format('{:d} min', round(w.moving_s / 60)::int)
      || case when w.moving_s < l.long_run_s
        then format(', your median run has {:d}', round(w.usual_s / 60)::int) else '' end
    when w.kind = 'track' then coalesce(w.track_words, 'the file says track')
    when w.kind = 'hilly' then format('{:d} m climbed a km', round(w.climb_mpkm)::int)
    else 'no efforts, not long, not hilly'
  end as kind_reason,
  w.is_hilly,
  case
    when w.kind = 'track' or w.is_outdoor_track then true
    when w.has_position or w.told_indoors then false
  end as is_track,
  case
    when least(w.anticlockwise_laps, w.clockwise_laps)
      >= l.track_both_share * (w.anticlockwise_laps + w.clockwise_laps) then 'both'
    when w.anticlockwise_laps > w.clockwise_laps then 'anticlockwise'
    when w.clockwise_laps > w.anticlockwise_laps then 'clockwise'
  end as track_direction
from worded as w
cross join limits as l
