-- What did I do in the four weeks before each pain?
-- One row a day with pain, newest first.
SELECT
    athlete_id, local_date, site, side, pain_0_10, stiffness_0_10,
    sessions AS n_sessions, round(dose, 1) AS dose, round(dose_change, 1) AS dose_change,
    round(distance_m / 1000) AS distance_km, answer
FROM pain_review
WHERE pain_0_10 > 0
ORDER BY local_date DESC, site, side, athlete_id;
