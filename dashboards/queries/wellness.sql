-- grain: athlete × date × site × side since $since
SELECT local_date, site, side, pain_0_10, stiffness_0_10, note
FROM wellness
WHERE athlete_id = $athlete_id AND local_date >= $since
ORDER BY local_date, site, side
