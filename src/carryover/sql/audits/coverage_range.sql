-- audit error: coverage is a share
select run_id as subject, 'coverage is ' || coverage_pct || ' % of ' || metric as what
from run_metric
where coverage_pct < 0 or coverage_pct > 100.001
