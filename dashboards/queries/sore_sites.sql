-- grain: site × side of one athlete: the newest entry, and what was felt since $since
SELECT
    site, side,
    max(local_date) AS last_date,
    first(pain_0_10 ORDER BY local_date DESC) AS pain_0_10,
    first(stiffness_0_10 ORDER BY local_date DESC) AS stiffness_0_10,
    max(pain_0_10) FILTER (local_date >= $since) AS most_pain,
    max(stiffness_0_10) FILTER (local_date >= $since) AS most_stiffness,
    count(*) FILTER (local_date >= $since) AS n_entries
FROM wellness
WHERE athlete_id = $athlete_id
GROUP BY site, side
ORDER BY last_date DESC, site, side
