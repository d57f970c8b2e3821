-- grain: one run × metric × outcome × comparison: how far it is from before, with its noise and a word.
-- Never across sensor epochs; word and numbers are null where `reason` says why.
select
  c.run_id::varchar as run_id, -- the run
  c.athlete_id::varchar as athlete_id, -- whose
  c.sensor_epoch::varchar as sensor_epoch, -- measured by; what it is held against was measured by the same
  c.local_date::date as local_date, -- the runner's own date
  c.metric::varchar as metric, -- column of run_form
  c.outcome::varchar as outcome, -- level (at reference speed where adjusted) or decay (late-run drift)
  case c.compared when 'early' then 'early part' else 'usual before' end::varchar as compared, -- usual before: the median of earlier easy runs (six weeks) or drifts (half a year); early part: the drift against none
  c.value::double as value, -- of this run, in the metric's unit
  c.reference::double as reference, -- what it is held against
  c.change::double as change, -- value − reference
  c.noise::double as noise, -- a change within ± this comes about by chance, 19 times in 20
  c.word::varchar as word, -- within noise, likely (beyond 90 % of chance) or beyond MDC (beyond 95 %)
  c.n1::int as n1, -- runs in value
  c.n2::int as n2, -- runs in reference
  c.reason::varchar as reason -- why there is no word
from told_change as c
where c.compared in ('usual', 'early')
order by c.run_id, c.metric, c.outcome, c.compared
