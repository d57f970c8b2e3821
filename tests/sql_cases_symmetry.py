"""Given → expected for left and right: sides, blocks, the athlete's side, a run's symmetry."""

from __future__ import annotations

import math

from sql_cases_samples import RUN
from sql_harness import Case, table

RISE = math.pi / 2 * 1.4
K_VERT = 70 * RISE / (0.25**2 * (RISE / math.pi**2 - 1 / 8)) / 1000
"""Force over sinking of Morin's worked runner, kN/m: gravity falls out of it."""
STILL = {"contact_still_s": 0, "balance_still_s": 0, "oscillation_still_s": 0}
NOW = {"run_id": "r", "athlete_id": "me", "sensor_epoch": "w"}


def bins(*rows, metric="stance_time_balance_pct"):
    return table("bin_index value valid_s is_baseline", *rows, run_id="r", metric=metric)


def symmetry(balance=51.0, adjusted=51.2, side="left", **more):
    """Return the tables that `run_symmetry` reads for one run."""
    drift = {"change_adj": -0.4, "se": 0.1, "ci_low": -0.6, "ci_high": -0.2, "reason": None}
    return {
        "run_form": [{"run_id": "r", "athlete_id": "me", "stance_time_balance_pct": balance,
                      "stance_time_balance_pct_adj": adjusted,
                      "symmetry_index_pct": 4 * (balance - 50) if balance else None}],
        "run_base": [NOW],
        "run_metric": [{"run_id": "r", "metric": "stance_time_balance_pct", "valid_s": 1800}],
        "run_sides": [{"run_id": "r", "sides_measured": False}],
        "athlete_symmetry": [{"athlete_id": "me", "sensor_epoch": "w", "baseline_side": side},
                             {"athlete_id": "me", "sensor_epoch": "old", "baseline_side": "right"}],
        "form_decay": [{"run_id": "r", "metric": "stance_time_balance_pct", **drift},
                       {"run_id": "r", "metric": "cadence_spm", "change_adj": 9.0}],
        "run_balance": [{"run_id": "r", "se_pct": 0.05, "n_blocks": 6}],
    } | more  # fmt: skip


LONG = {"run_id": "r", "athlete_id": "me", "sensor_epoch": "w"}
"""A run for balance by condition: all of an hour and a half."""


def walked(runs, *bins, moving_s=5400.0):
    """Return the tables of balance by condition: the same bins in so many runs.

    `bins`: bin_index mid_moving_s value speed_mps grade_pct is_baseline; run k is k / 10 points
    further to the left throughout.
    """
    names = [f"r{k}" for k in range(runs)]
    return {
        "balance_bin": [
            row | LONG | {"run_id": name, "value": row["value"] + k / 10, "valid_s": 120.0,
                          "moving_s": moving_s}
            for k, name in enumerate(names)
            for row in table(
                "bin_index mid_moving_s value speed_mps grade_pct is_baseline", *bins
            )
        ],
    }  # fmt: skip


CASES = [
    Case(
        "balance_bin",
        "of all bins only those of contact balance are taken that have a value",
        {
            "run_base": [LONG | {"moving_s": 5400.0}],
            "bin_metric": [
                *bins((5, 51.0, 60.0, True), (6, None, 0.0, True)),
                *bins((5, 250.0, 60.0, True), metric="stance_time_ms"),
            ],
        },
        table("run_id bin_index value moving_s", ("r", 5, 51.0, 5400.0)),
    ),
    Case(
        "symmetry_condition",
        "by grade: a run's mean in a class, the mean over runs, the change within the runs; the "
        "first ten minutes and unknown grades are left out",
        walked(
            5, (0, 60.0, 99.0, 3.0, 5.0, False), (6, 780.0, 50.0, 3.0, 0.5, False),
            (7, 900.0, 51.0, 3.0, -1.0, False), (8, 1020.0, 51.0, 3.0, 2.0, False),
            (9, 1140.0, 99.0, 3.0, None, False), (10, 1260.0, 50.25, 3.0, -2.0, False),
        ),
        table(
            "kind class_rank condition balance_pct n_paired change_pct",
            ("grade", 1, "downhill", 50.45, 5, -0.25),
            ("grade", 2, "level", 50.7, 0, None),
            ("grade", 3, "uphill", 51.2, 5, 0.5),
            # All five bins of the second and third tenth are the reference: 301.25 / 5 = 60.25.
            ("tenth", 1, "tenth 1", 99.2, 5, 38.75),
            ("tenth", 2, "tenth 2", 50.866667, 0, None),
            ("tenth", 3, "tenth 3", 74.825, 0, None),
            n_runs=5,
        ),
    ),
    Case(
        "symmetry_condition",
        "by pace: thirds of the athlete's own level running; a change that is the same in every "
        "run has no error, a level has one from run to run",
        walked(
            5, (6, 780.0, 51.0, 2.5, 0.0, True), (7, 900.0, 51.0, 3.0, 0.0, True),
            (8, 1020.0, 50.6, 3.5, 0.0, True), moving_s=2400.0,
        ),
        [
            {"kind": kind, "condition": name, "low_speed_mps": speed, "balance_pct": mean,
             "balance_se_pct": 0.070711, "change_pct": change, "change_se_pct": error}
            for kind, name, speed, mean, change, error in (
                ("grade", "level", None, 50.866667 + 0.2, None, None),
                ("pace", "slow third", 2.5, 51.2, 0.0, 0.0),
                ("pace", "middle third", 3.0, 51.2, None, None),
                ("pace", "fast third", 3.5, 50.8, -0.4, 0.0),
            )
        ],
    ),
    Case(
        "symmetry_condition",
        "four runs are counted and give no number",
        walked(4, (6, 780.0, 51.0, 2.5, 0.0, False), moving_s=2400.0),
        table("kind n_runs balance_pct balance_low_pct", ("grade", 4, None, None)),
    ),
    Case(
        "sample_value",
        "left and right are twice the contact time, shared by balance",
        {
            "run_recording": RUN,
            "sample_gait": table(
                "elapsed_s stance_time_ms stance_time_balance_pct",
                (0, 250, 51.0), (1, 250, None), (2, None, 51.0),
                run_id="r", is_running=True, **STILL,
            ),
        },
        table(
            "elapsed_s stance_time_left_ms stance_time_right_ms sides_measured",
            (0, 255, 245, False), (1, None, None, False), (2, None, None, False),
        ),
    ),
    Case(
        "sample_value",
        "a side that a pod measures stands before the formula; one tells nothing of the other",
        {
            "run_recording": RUN,
            "sample_gait": table(
                "elapsed_s stance_time_ms stance_time_balance_pct stance_time_left_ms "
                "stance_time_right_ms contact_still_s",
                (0, 250, 52.0, 260, 240, 0),
                (1, 250, 51.0, 260, 240, 0),
                (2, 260, None, 260, None, 0),
                (3, 250, 52.0, 260, 240, 31),
                run_id="r", is_running=True, balance_still_s=0, oscillation_still_s=0,
            ),
        },
        table(
            "elapsed_s stance_time_left_ms stance_time_right_ms sides_measured",
            (0, 260, 240, True), (1, 260, 240, True), (2, 260, None, True), (3, None, None, False),
        ),
    ),
    Case(
        "sample_value",
        "vertical stiffness needs the mass alone, the level, and a flight phase",
        {
            "run_recording": [*RUN, {"run_id": "x", "athlete_id": "short"}],
            "person": table("athlete_id mass_kg height_m", ("me", 70, 1.75), ("short", 70, None)),
            "sample_gait": table(
                "run_id grade_pct stance_time_ms",
                ("r", 0.0, 250), ("r", None, 250), ("r", 3.5, 250), ("x", 0.0, 250),
                ("r", 1.0, 360),
                speed_mps=3.33, cadence_spm=60_000 / 350, contact_still_s=0, is_running=True,
            ),
        },
        table(
            "run_id grade_pct vertical_stiffness_knpm leg_stiffness_knpm",
            ("r", 0.0, K_VERT, 9.518173),
            ("r", None, K_VERT, 9.518173),
            ("r", 3.5, None, None),
            ("x", 0.0, K_VERT, None),
            ("r", 1.0, None, None),
        ),
    ),
    Case(
        "run_balance",
        "the error comes from means of 4-minute blocks of steady, level running, weighed by time",
        {
            "bin_metric": [
                *bins((6, 51.0, 120, True), (7, 52.0, 120, True), (8, 50.0, 120, True),
                      (9, 51.0, 120, True), (10, 99.0, 120, False), (11, None, 0, True)),
                *bins((6, 250.0, 120, True), metric="stance_time_ms"),
            ]
        },
        table("run_id n_blocks valid_s se_pct", ("r", 2, 480, 0.5)),
    ),
    Case(
        "run_balance",
        "one block tells no error",
        {"bin_metric": bins((6, 51.0, 120, True), (7, 52.0, 60, True))},
        table("n_blocks se_pct", (1, None)),
    ),
    Case(
        "run_balance",
        "a short block counts for less",
        {"bin_metric": bins((6, 51.0, 120, True), (7, 51.0, 120, True), (8, 53.0, 60, True))},
        # p = .8, .2; mean 51.4; d = −.4, 1.6: Σ p²d²/(1−p) = .512 + .128
        table("n_blocks se_pct", (2, 0.64**0.5)),
    ),
    Case(
        "athlete_symmetry",
        "each sensor with balance has its side or says why not; one without balance has no row",
        {
            "run_base": table(
                "run_id sensor_epoch", ("a", "w"), ("b", "w"), ("c", "new"), ("d", "wrist"),
                athlete_id="me",
            ),
            "run_metric": table(
                "run_id value", ("a", 51.0), ("b", 51.0), ("c", 51.0), ("d", None),
                metric="stance_time_balance_pct",
            ),
            "baseline_side": [
                {"athlete_id": "me", "sensor_epoch": "w", "baseline_side": "left", "n_runs": 9,
                 "period": "before the first strength session", "before_exposure": True}
            ],
        },
        table(
            "sensor_epoch baseline_side n_runs n_runs_balance reason",
            ("w", "left", 9, 2, None),
            ("new", None, 0, 1, "no run with balance at reference speed yet"),
        ),
    ),
    Case(
        "run_symmetry",
        "a left-heavy run: its words, its score on the left side, its drift towards the middle",
        symmetry(),
        table(
            "symmetry_index_pct normalised_asymmetry_pct zone baseline_side signed_score_pct "
            "drift_pct drift_outward_pct drift_outward_low_pct drift_outward_high_pct "
            "balance_se_pct n_blocks sides_from valid_s",
            (4.0, 2.0, "next", "left", 1.2, -0.4, -0.4, -0.6, -0.2, 0.05, 6, "balance", 1800),
        ),
    ),
    Case(
        "run_symmetry",
        "the same run of a right-heavy athlete lies on the other side: below 0, never folded",
        symmetry(side="right"),
        table(
            "signed_score_pct drift_outward_pct drift_outward_low_pct drift_outward_high_pct",
            (-1.2, 0.4, 0.2, 0.6),
        ),
    ),
    Case(
        "run_symmetry",
        "without a side there is no score, and the drift is told towards the left alone",
        symmetry(side=None, run_sides=[{"run_id": "r", "sides_measured": True}], run_balance=[]),
        table(
            "signed_score_pct drift_pct drift_outward_pct drift_outward_low_pct sides_from "
            "balance_se_pct n_blocks",
            (None, -0.4, None, None, "pods", None, 0),
        ),
    ),
    *(
        Case("run_symmetry", f"a balance of {balance} is in the {zone} zone, left or right alike",
             symmetry(balance=balance), table("zone", (zone,)))
        for balance, zone in (
            (50.7, "middle"), (49.3, "middle"), (50.8, "next"), (49.2, "next"),
            (52.2, "next"), (47.8, "next"), (52.3, "outer"), (47.7, "outer"),
        )
    ),
    Case(
        "run_sides",
        "sides are measured where a pod tells them in any second that knows its balance",
        {
            "sample_value": table(
                "run_id stance_time_balance_pct sides_measured",
                ("pods", 51.0, False),
                ("pods", 51.0, True),
                ("strap", 49.0, False),
                ("none", None, True),
            )
        },
        table("run_id sides_measured", ("pods", True), ("strap", False)),
    ),
    Case("run_symmetry", "a sensor that does not tell left from right gives no row",
         symmetry(balance=None)),
    Case(
        "data_issue",
        "who has contact times but no mass or height is told what they would give",
        {
            "person": table("athlete_id mass_kg height_m", ("bare", None, None), ("me", 70, 1.8),
                            ("tall", 70, None), ("idle", None, None)),
            "run_base": table("run_id athlete_id", ("b", "bare"), ("m", "me"), ("t", "tall"),
                              ("i", "idle")),
            "run_metric": table("run_id value", ("b", 250), ("m", 250), ("t", 250), ("i", None),
                                metric="stance_time_ms"),
        },
        table(
            "severity athlete_id what remedy",
            ("info", "bare", "no leg or vertical stiffness: the runner's mass is not told",
             "Set mass_kg and height_m of this athlete in carryover.toml."),
            ("info", "tall", "no leg stiffness: the runner's height is not told",
             "Set height_m of this athlete in carryover.toml."),
        ),
    ),
    Case(
        "data_issue",
        "a side that turns with the sensor is told, for two pods may be on the wrong feet",
        {
            "athlete_symmetry": table(
                "sensor_epoch from_date baseline_side",
                ("a", "2026-01-01", "left"), ("b", "2026-02-01", None),
                ("c", "2026-03-01", "right"), ("d", "2026-04-01", "right"),
                athlete_id="me",
            )
        },
        table("subject athlete_id", ("c", "me")),
    ),
]  # fmt: skip
