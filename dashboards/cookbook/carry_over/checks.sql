-- How was the answer tested?
-- One row a check: whether it holds and what it says.
SELECT athlete_id, check_name, status, says, reason
FROM carry_over_check
WHERE part IS NULL
ORDER BY athlete_id, check_name;
