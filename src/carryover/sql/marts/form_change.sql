-- grain: one athlete × sensor epoch × metric × outcome × comparison: what moved last, and whether it is more than noise.
-- Never across sensor epochs; word and numbers are null where `reason` says why.
select
  c.athlete_id::varchar as athlete_id, -- whose
  c.sensor_epoch::varchar as sensor_epoch, -- measured by
  c.metric::varchar as metric, -- column of run_form
  c.outcome::varchar as outcome, -- level (at reference speed where adjusted) or decay (late-run drift)
  case c.compared when 'weeks' then 'last weeks' else 'latest run' end::varchar as compared, -- latest run: against the median of the six weeks (drift: half year) before; last weeks: four against the four before
  c.local_date::date as local_date, -- day of the latest run in it
  c.run_id::varchar as run_id, -- the latest run in it
  c.value::double as value, -- of the latest run, or mean of the last weeks
  c.reference::double as reference, -- what it is held against
  c.change::double as change, -- value − reference
  c.noise::double as noise, -- a change within ± this comes about by chance, 19 times in 20
  c.word::varchar as word, -- within noise, likely (beyond 90 % of chance) or beyond MDC (beyond 95 %)
  c.n1::int as n1, -- runs in value
  c.n2::int as n2, -- runs in reference
  c.knows_slow::boolean as knows_wander, -- whether noise holds how far the level wanders by itself; if not, the word is likely at most
  c.reason::varchar as reason -- why there is no word
from told_change as c
where c.compared in ('usual', 'weeks')
qualify row_number() over (
  partition by c.athlete_id, c.sensor_epoch, c.metric, c.outcome, c.compared
  order by c.started_at desc, c.run_id desc
) = 1
order by all
