-- grain: one run × metric: mean of level, steady bins at the athlete's reference speed.
-- unit: run; order: run_id, metric
select
  b.run_id,
  b.metric,
  time_mean(b.value - e.effect, b.valid_s) as value_adj,
  sum(exact(b.valid_s)) as valid_s
from bin_metric as b
join bin_effect as e using (run_id, bin_index, metric)
where b.is_baseline and b.value is not null
group by b.run_id, b.metric
