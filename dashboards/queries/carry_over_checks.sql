-- grain: one check of the primary answer, or one part of it
SELECT check_name, part, status, says, reason
FROM carry_over_check
WHERE athlete_id = $athlete_id
ORDER BY check_name, part NULLS FIRST
