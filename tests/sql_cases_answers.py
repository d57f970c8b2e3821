"""Given → expected for what stands beside an answer: checks, families, variants, posterior."""

from __future__ import annotations

from sql_harness import Case, table


def point(run_id, dose):
    """Return one run of a primary answer as the estimate holds it."""
    return {
        "run_id": run_id, "dose": dose, "value": 171.0, "partial_residual": 172.0,
        "fitted": 172.5, "fitted_low": 171.5, "fitted_high": 173.5, "weight": 1.0,
    }  # fmt: skip


def group(number, dose):
    """Return one group of runs of like dose as the estimate holds it."""
    return {
        "group_number": number, "n_runs": 9, "dose": dose, "dose_low": dose - 0.1,
        "dose_high": dose + 0.1, "value": 172.0, "ci_low": 171.0, "ci_high": 173.0,
    }  # fmt: skip


CASES = [
    Case(
        "carry_over",
        "the posterior is published beside the estimate; the rotations' t are not",
        {
            "carry_over_estimate": [
                {"athlete_id": "me", "metric": "cadence_spm", "effect": 1.0, "posterior": 0.4,
                 "posterior_low": -0.2, "posterior_high": 1.0, "prior_sd": 0.5,
                 "chance_good": None, "chance_above": 0.2, "chance_below": 0.01,
                 "p_curve": 0.4, "shift_t": [1.0, 0.5]}
            ]
        },
        table(
            "athlete_id effect posterior posterior_low posterior_high prior_sd chance_good "
            "chance_above chance_below p_curve",
            ("me", 1.0, 0.4, -0.2, 1.0, 0.5, None, 0.2, 0.01, 0.4),
        ),
    ),
    Case(
        "carry_over_point",
        "the runs of the primary's own fit, by date; an answer without a fit has none",
        {
            "carry_over_estimate": [
                {"athlete_id": "me", "metric": "cadence_spm", "outcome": "level",
                 "role": "primary", "points": [point("r2", 0.5), point("r1", 1.0)]},
                {"athlete_id": "me", "metric": "stance_time_ms", "outcome": "level",
                 "role": "exploratory", "points": None},
                {"athlete_id": "you", "metric": "cadence_spm", "role": "primary", "points": None},
            ],
            "run": table("run_id local_date", ("r1", "2026-01-01"), ("r2", "2026-01-03")),
        },
        table(
            "athlete_id metric outcome run_id local_date dose value partial_residual fitted "
            "fitted_low fitted_high weight",
            ("me", "cadence_spm", "level", "r1", "2026-01-01", 1.0, 171.0, 172.0, 172.5, 171.5,
             173.5, 1.0),
            ("me", "cadence_spm", "level", "r2", "2026-01-03", 0.5, 171.0, 172.0, 172.5, 171.5,
             173.5, 1.0),
        ),
    ),
    Case(
        "carry_over_group",
        "groups of the primary's runs stand by dose",
        {
            "carry_over_estimate": [
                {"athlete_id": "me", "metric": "cadence_spm", "outcome": "level",
                 "role": "primary", "dose_groups": [group(2, 1.0), group(1, 0.2)]},
            ],
        },
        table(
            "athlete_id metric outcome group_number n_runs dose dose_low dose_high value ci_low "
            "ci_high",
            ("me", "cadence_spm", "level", 1, 9, 0.2, 0.1, 0.3, 172.0, 171.0, 173.0),
            ("me", "cadence_spm", "level", 2, 9, 1.0, 0.9, 1.1, 172.0, 171.0, 173.0),
        ),
    ),
    Case(
        "carry_over_check",
        "a check as a whole stands before its parts; one that was not run says why and no number",
        {
            "carry_over_checks": table(
                "check_name part status effect n_runs says reason",
                ("drop_one_block", "block 1", "failed", 0.2, 80, "Without it: less.", None),
                ("drop_one_block", None, "failed", 0.2, 80, "It rests on one.", None),
                ("leads", None, "not run", None, None, "Not run: too few.", "too few"),
                athlete_id="me",
            )
        },
        table(
            "athlete_id check_name part status effect n_runs says reason",
            ("me", "drop_one_block", None, "failed", 0.2, 80, "It rests on one.", None),
            ("me", "drop_one_block", "block 1", "failed", 0.2, 80, "Without it: less.", None),
            ("me", "leads", None, "not run", None, None, "Not run: too few.", "too few"),
        ),
    ),
    Case(
        "carry_over_family",
        "a family without members keeps its row, with nulls and a sentence",
        {
            "carry_over_families": table(
                "family n_metrics metrics p_family effect_sd sentence",
                ("symmetry", 0, None, None, None, "Symmetry: not enough data yet."),
                ("level", 1, "cadence_spm", 0.3, None, "Level (cadence): none."),
                athlete_id="me", exposure="strength",
            )
        },
        table(
            "athlete_id exposure family n_metrics metrics p_family effect_sd sentence",
            ("me", "strength", "level", 1, "cadence_spm", 0.3, None, "Level (cadence): none."),
            ("me", "strength", "symmetry", 0, None, None, None, "Symmetry: not enough data yet."),
        ),
    ),
    Case(
        "carry_over_sensitivity",
        "the registered answer stands first, the others by name",
        {
            "carry_over_variants": table(
                "variant effect n_runs",
                ("without heat", 1.2, 90), ("as registered", 1.0, 90), ("raw", 2.0, 90),
                athlete_id="me",
            )
        },
        table(
            "athlete_id variant effect n_runs",
            ("me", "as registered", 1.0, 90), ("me", "raw", 2.0, 90),
            ("me", "without heat", 1.2, 90),
        ),
    ),
]  # fmt: skip
