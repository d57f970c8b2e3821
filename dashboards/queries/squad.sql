-- grain: one athlete: what a coach of several asks each morning; $today, and the $monday of its week
WITH ran AS (
    SELECT athlete_id, count(*) AS n_runs, max(local_date) AS last_date
    FROM run
    WHERE local_date <= $today
    GROUP BY athlete_id
),
logged AS (
    SELECT DISTINCT athlete_id FROM strength_session WHERE kind = 'strength'
),
weeks AS (
    SELECT
        athlete_id,
        sum(distance_m) FILTER (week_start = $monday) AS week_m,
        sum(glute_sessions) FILTER (week_start = $monday) AS sessions,
        coalesce(
            max(sessions_target) FILTER (week_start = $monday), max(sessions_target)
        ) AS sessions_target,
        avg(distance_m) FILTER (week_start < $monday) AS usual_week_m
    FROM training_week
    WHERE week_start BETWEEN $monday - 28 AND $monday
    GROUP BY athlete_id
),
placed AS (
    SELECT athlete_id, count(flag) AS n_flags
    FROM session_placement
    WHERE local_date BETWEEN $monday - 7 AND $today
    GROUP BY athlete_id
),
felt AS (
    SELECT athlete_id, site, side, local_date, pain_0_10
    FROM pain_review
    WHERE local_date BETWEEN $today - 13 AND $today AND pain_0_10 IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY athlete_id, site, side ORDER BY local_date DESC) = 1
),
sore AS (
    SELECT athlete_id, site, side, pain_0_10
    FROM felt
    QUALIFY row_number() OVER (
        PARTITION BY athlete_id ORDER BY pain_0_10 DESC, local_date DESC, site, side
    ) = 1
),
amiss AS (
    SELECT athlete_id, count(*) AS n_problems
    FROM data_issue
    WHERE severity IN ('error', 'warning') AND athlete_id IS NOT NULL
    GROUP BY athlete_id
),
answered AS (
    SELECT
        athlete_id, metric, outcome, effect, effect_unit, ci_low, ci_high, swc,
        n_runs AS answer_runs, verdict, missing
    FROM carry_over
    WHERE role = 'primary'
    QUALIFY row_number() OVER (
        PARTITION BY athlete_id
        ORDER BY exposure = 'strength' DESC, exposure, outcome, metric, tau_d
    ) = 1
)
SELECT
    athlete.athlete_id, ran.* EXCLUDE (athlete_id), weeks.* EXCLUDE (athlete_id),
    logged.athlete_id IS NOT NULL AS is_logged, coalesce(placed.n_flags, 0) AS n_flags,
    sore.* EXCLUDE (athlete_id), coalesce(amiss.n_problems, 0) AS n_problems,
    -- Advice is of the newest day that is known: an old one is no advice for today.
    CASE WHEN advice.as_of_date >= $today - 13 THEN advice.answer END AS advice,
    answered.* EXCLUDE (athlete_id)
FROM athlete
LEFT JOIN ran ON ran.athlete_id = athlete.athlete_id
LEFT JOIN logged ON logged.athlete_id = athlete.athlete_id
LEFT JOIN weeks ON weeks.athlete_id = athlete.athlete_id
LEFT JOIN placed ON placed.athlete_id = athlete.athlete_id
LEFT JOIN sore ON sore.athlete_id = athlete.athlete_id
LEFT JOIN amiss ON amiss.athlete_id = athlete.athlete_id
LEFT JOIN dose_advice AS advice ON advice.athlete_id = athlete.athlete_id
LEFT JOIN answered ON answered.athlete_id = athlete.athlete_id
ORDER BY athlete.athlete_id
