-- grain: date × site × side of one athlete since $since with a word on pain, newest first
SELECT
    local_date, site, side, pain_0_10, stiffness_0_10, sessions, dose, dose_change, distance_m,
    distance_change_m, cadence_spm, cadence_change_spm, cadence_noise_spm, cadence_word, answer,
    reason
FROM pain_review
WHERE athlete_id = $athlete_id AND local_date >= $since
ORDER BY local_date DESC, pain_0_10 DESC NULLS LAST, site, side
