-- grain: one run with steady, level running: the standard error of its contact balance.
-- unit: run; order: run_id
-- From means of 4-minute blocks: with weights p (summing to 1) and deviations d from the mean the
-- variance is Σ p²·d² / (1 − p), the usual s²/K for equal blocks. One-second records are filtered by
-- the watch: their spread over the root of their number would be far too small.
with block as (
  select
    b.run_id,
    floor(b.bin_index * l.bin_s / l.balance_block_s) as block,
    time_mean(b.value, b.valid_s) as value,
    sum(exact(b.valid_s)) as valid_s
  from bin_metric as b
  cross join limits as l
  where b.metric = 'stance_time_balance_pct' and b.is_baseline and b.value is not null
  group by all
),

centred as (
  select
    run_id,
    value,
    valid_s,
    valid_s / sum(exact(valid_s)) over (partition by run_id) as p,
    value - sum(exact(value * valid_s)) over (partition by run_id)
    / sum(exact(valid_s)) over (partition by run_id)
      as d
  from block
)

select
  run_id,
  count(*) as n_blocks,
  sum(exact(valid_s)) as valid_s,
  case when count(*) > 1 then sqrt(sum(exact(p * p * d * d / (1 - p)))) end as se_pct
from centred
group by run_id
