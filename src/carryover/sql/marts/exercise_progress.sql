-- grain: one athlete × exercise × ISO week in which it was done in a strength session, warm-ups left out.
select
  s.athlete_id::varchar as athlete_id, -- whose
  s.exercise_id::varchar as exercise_id, -- key of the table exercise
  date_trunc('week', s.local_date)::date as week_start, -- Monday of the ISO week
  count(*)::int as n_sets, -- working sets
  sum(s.reps)::double as reps, -- repetitions; null where none are told
  sum(s.tonnage_kg)::double as tonnage_kg, -- repetitions × weight, kg; a hold counts a repetition every 4 s; null where no weight is told
  (sum(s.tonnage_kg) filter (where s.side = 'left'))::double as left_tonnage_kg, -- … of the sets told as left
  (sum(s.tonnage_kg) filter (where s.side = 'right'))::double as right_tonnage_kg, -- … of the sets told as right
  max(s.weight_kg)::double as top_weight_kg, -- heaviest weight, kg: what was added, where the exercise also moves the body
  max(s.one_rep_max_kg)::double as one_rep_max_kg, -- estimated one-repetition maximum of the best set, weight × (1 + repetitions / 30) (Epley 1985), of the weight told alone
  (max(s.one_rep_max_kg) filter (where s.side = 'left'))::double as left_one_rep_max_kg, -- … of the left
  (max(s.one_rep_max_kg) filter (where s.side = 'right'))::double as right_one_rep_max_kg, -- … of the right
  max(s.free_reps)::double as top_reps, -- most repetitions in one set without weight
  max(s.hold_s)::double as top_hold_s, -- longest hold without weight, s
  case
    when count(s.one_rep_max_kg) > 0 then null
    when count(s.weight_kg) = 0 then 'no weight is told'
    when count(s.reps) = 0 then 'no repetitions are told'
    when not bool_or(s.is_clear and s.weight_kg is not null)
      then 'the side is not told: repetitions may be of both legs together'
    else 'more than ' || l.one_rep_max_reps::int || ' repetitions with weight, or none told'
  end::varchar as reason -- why there is no maximum
from exercise_set as s
cross join limits as l
group by s.athlete_id, s.exercise_id, date_trunc('week', s.local_date), l.one_rep_max_reps
order by 1, 2, 3
