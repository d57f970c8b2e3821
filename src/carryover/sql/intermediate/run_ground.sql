-- grain: one run that borrows channels: the metres within its own time.
-- unit: run; order: run_id
select run_id, max(distance_m) - min(distance_m) as distance_m
from run_borrowed
group by run_id
