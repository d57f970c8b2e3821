-- grain: one athlete × metric × outcome × on-block (null: all together) × week from its start.
select
  e.athlete_id::varchar as athlete_id, -- whose
  e.metric::varchar as metric, -- column of run_form
  e.outcome::varchar as outcome, -- level, or decay (late minus early)
  e.block_number::int as block_number, -- on-block of strength_block; null is the mean of all of them
  b.from_date::date as from_date, -- its first session; null for all together
  e.week_offset::int as week_offset, -- 0 is the week that the first session opens, -1 the one before
  e.value::double as value, -- mean outcome less that of the six weeks before, adjusted; null where no run tells
  e.effect_unit::varchar as effect_unit, -- unit of value
  e.ci_low::double as ci_low, -- 95 % interval of this week, lower end
  e.ci_high::double as ci_high, -- 95 % interval of this week, upper end
  e.n_runs::int as n_runs, -- runs of the week
  e.n_blocks::int as n_blocks -- blocks that the week rests on
from block_event_estimate as e
left join strength_block as b using (athlete_id, block_number)
order by e.athlete_id, e.metric, e.outcome, e.block_number nulls first, e.week_offset
