-- grain: one run whose heart rate early and late compare: beats a metre late over beats a metre early.
-- unit: run; order: run_id
select run_id, ratio as hr_decoupling_ratio
from durability
where reason is null and ratio is not null
