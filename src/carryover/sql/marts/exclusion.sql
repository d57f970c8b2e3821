-- grain: one reason why a second, a stretch of two minutes or a heart rate does not count.
select
  e.reason::varchar as reason, -- as sample, run_bin and run_exclusion tell it
  e.exclusion_key::varchar as exclusion_key, -- key that no threshold changes
  e.applies_to::varchar as applies_to, -- second, stretch (of run_bin) or heart rate
  e.meaning::varchar as meaning, -- in a sentence
  e.thresholds::varchar[] as thresholds, -- names of its rows in the table threshold
  e.source::varchar as source, -- where it comes from
  e.place::int as place -- order in which reasons are looked for; the first that fits is told
from exclusion_data as e
order by e.place
