"""Given → expected for what stands beside an answer: checks, families, variants, posterior."""

from __future__ import annotations

from sql_harness import Case, table

CASES = [
    Case(
        "carry_over",
        "the posterior is published beside the estimate; the rotations' t are not",
        {
            "carry_over_estimate": [
                {"athlete_id": "me", "metric": "cadence_spm", "effect": 1.0, "posterior": 0.4,
                 "posterior_low": -0.2, "posterior_high": 1.0, "prior_sd": 0.5,
                 "chance_good": None, "shift_t": [1.0, 0.5]}
            ]
        },
        table(
            "athlete_id effect posterior posterior_low posterior_high prior_sd chance_good",
            ("me", 1.0, 0.4, -0.2, 1.0, 0.5, None),
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
