-- grain: review of one athlete: the last full weeks, shortest first, then microcycles, newest first
SELECT
    review, from_date, to_date, n_weeks, dose, dose_change, sessions_kept, sessions_planned,
    placement_flags, beyond_mdc, likely, worst_pain_0_10, hip_share, one_sided_share, says
FROM microcycle_review
WHERE athlete_id = $athlete_id
ORDER BY review = 'microcycle', n_weeks, from_date DESC
