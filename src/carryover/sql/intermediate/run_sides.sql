-- grain: one run with a contact balance: whether a pod measured its sides.
-- unit: run; order: run_id
select run_id, bool_or(sides_measured) as sides_measured
from sample_value
where stance_time_balance_pct is not null
group by run_id
