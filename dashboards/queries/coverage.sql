-- grain: sensor epoch of one athlete × channel: valid share of all running seconds, by time
WITH running AS (
    SELECT run_id, sum(running_s) AS running_s
    FROM run_bin
    GROUP BY run_id
),

told AS (
    SELECT
        run.athlete_id, run.sensor_epoch, run.run_id, run.local_date, running.running_s,
        unnest([
            {'metric': 'cadence_spm', 'coverage_pct': form.cadence_spm_coverage_pct},
            {'metric': 'stance_time_ms', 'coverage_pct': form.stance_time_ms_coverage_pct},
            {
                'metric': 'stance_time_balance_pct',
                'coverage_pct': form.stance_time_balance_pct_coverage_pct
            },
            {
                'metric': 'stance_time_left_ms',
                'coverage_pct': form.stance_time_left_ms_coverage_pct
            },
            {
                'metric': 'vertical_oscillation_mm',
                'coverage_pct': form.vertical_oscillation_mm_coverage_pct
            },
            {'metric': 'vertical_ratio_pct', 'coverage_pct': form.vertical_ratio_pct_coverage_pct},
            {'metric': 'step_length_mm', 'coverage_pct': form.step_length_mm_coverage_pct},
            {'metric': 'metres_per_beat', 'coverage_pct': form.metres_per_beat_coverage_pct}
        ], recursive := true)
    FROM run
    INNER JOIN run_form AS form ON form.run_id = run.run_id
    LEFT JOIN running ON running.run_id = run.run_id
)

SELECT
    athlete_id, sensor_epoch, metric, count(*) AS n_runs, sum(running_s) AS running_s,
    count(coverage_pct) FILTER (coverage_pct > 0) AS n_with,
    sum(coalesce(coverage_pct, 0) * running_s) / nullif(sum(running_s), 0) AS coverage_pct,
    arg_max(run_id, (local_date, run_id)) AS newest_run_id
FROM told
GROUP BY athlete_id, sensor_epoch, metric
ORDER BY athlete_id, min(local_date), sensor_epoch, metric
