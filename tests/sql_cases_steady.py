"""Given → expected for what does not count and why, faults of heart rate, and durability."""

from __future__ import annotations

from carryover.catalogue.exclusions import exclusions
from sql_cases_samples import REASONS, RUN, instants
from sql_harness import Case, table

KEYS = {row["exclusion_key"]: row["reason"] for row in exclusions().to_dicts()}
EXCLUSION_ROW = {
    "exclusion_key": "slow", "applies_to": "second", "reason": "slower", "meaning": "m",
    "source": "house rule", "place": 1,
}  # fmt: skip


def odds(count, **changes):
    """Return stretches of 10 s of easy running; a change is a constant or a function of its number.

    The usual heart rate is 150 bpm, the steps 168 a minute.
    """
    usual = {
        "run_id": "r", "part": int, "moving_s": lambda i: 10.0 * i, "covered_s": 10.0,
        "is_running": True, "has_caught_up": lambda i: i >= 18, "heart_rate_bpm": 150.0,
        "lowest_bpm": 149.0, "highest_bpm": 151.0, "cadence_spm": 168.0, "effort_mps": 3.0,
        "jumps": False, "is_near_steps": False, "usual_bpm": 150.0, "odds_bpm": 0.0,
    }  # fmt: skip
    cells = usual | changes
    return [{k: v(i) if callable(v) else v for k, v in cells.items()} for i in range(count)]


def parts(count, **changes):
    """Return the same as `heart_rate_part` has it."""
    return [
        {k: v for k, v in row.items() if k not in {"usual_bpm", "odds_bpm"}}
        for row in odds(count, **changes)
    ]


def found(*numbers):
    return table("run_id part", *(("r", n) for n in numbers))


def wave(i):
    return float([0, 2, -1, 3, -2, 1][i % 6])


def side(run_id, **changes):
    usual = {
        "running_s": 900, "valid_s": 900, "heart_rate_bpm": 150, "flat_speed_mps": 3.0,
        "beats_per_m": 0.8,
    }  # fmt: skip
    early = {"run_id": run_id, "part": "early", **usual}
    late = {"run_id": run_id, "part": "late", **usual, "beats_per_m": 0.88, **changes}
    return [early, late]


def pace(run_id, **changes):
    usual = {"slowest_mps": 2.9, "fastest_mps": 3.1, "usual_mps": 3.0, "spread_mps": 0.1}
    return [{"run_id": run_id, "part": part, **usual} | (changes if part == "late" else {})
            for part in ("early", "late")]  # fmt: skip


def lasting(*run_ids, moving_s=3600, heart=150):
    return [{"run_id": r, "moving_s": moving_s, "heart_rate_bpm": heart} for r in run_ids]


CASES = [
    Case(
        "run_step",
        "an instant may stand for two usual steps of its run, and for 5 s at least",
        {
            "sample_channel": [
                *instants(3, gap_s=1.0, run_id="every"),
                *instants(3, gap_s=lambda i: [8.0, 9.0, 9.0][i], dt_s=5.0, run_id="seldom"),
                *instants(
                    3,
                    gap_s=lambda i: [9.0, 40.0, 0.5][i],
                    dt_s=lambda i: [5.0, 5.0, 0.0][i],
                    run_id="gap",
                ),
            ]
        },
        table(
            "run_id usual_step_s covered_max_s", ("every", 1, 5), ("seldom", 9, 18), ("gap", 9, 18)
        ),
    ),
    Case(
        "sample_gait",
        "a slow recorder's instant covers its whole step; pauses cover nothing, silences 5 s",
        {
            "sample_channel": instants(
                6,
                elapsed_s=lambda i: [0, 9, 18, 45, 100, 109][i],
                gap_s=lambda i: [9.0, 9.0, 27.0, 55.0, 9.0, None][i],
                dt_s=lambda i: [5.0, 5.0, 5.0, 5.0, 0.0, 0.0][i],
            ),
            "run_step": [{"run_id": "r", "usual_step_s": 9, "covered_max_s": 18}],
        },
        table("elapsed_s covered_s", (0, 9), (9, 9), (18, 18), (45, 5), (100, 0), (109, 0)),
    ),
    Case(
        "sample_gait",
        "clean running does not count in the first ten minutes, without speed, or on steep ground",
        {
            "sample_channel": instants(
                6,
                elapsed_s=lambda i: 597.0 + i,
                moving_s=lambda i: 597.0 + i,
                speed_mps=lambda i: None if i == 3 else 3.0,
                grade_pct=lambda i: [0.0, 0.0, 0.0, 0.0, -6.1, 6.0][i],
            )
        },
        table(
            "moving_s unclean_key exclusion_key",
            (597, None, "warm_up"),
            (598, None, "warm_up"),
            (599, None, "warm_up"),
            (600, None, "no_speed"),
            (601, None, "steep"),
            (602, None, None),
        ),
    ),
    Case(
        "sample_value",
        "a faulty heart rate is none, and makes no metres a heartbeat",
        {
            "run_recording": RUN,
            "sample_gait": table(
                "elapsed_s",
                (9,),
                (10,),
                run_id="r",
                is_running=True,
                heart_rate_bpm=150,
                speed_mps=3.0,
                covered_s=1,
            ),
            "heart_rate_fault": [{"run_id": "r", "part": 1, "fault_key": "cadence_lock"}],
        },
        table("elapsed_s heart_rate_bpm metres_per_beat", (9, 150, 1.2), (10, None, None)),
    ),
    Case(
        "heart_rate_part",
        "ten seconds are averaged by time; a change that no heart makes is a jump",
        {
            "sample_gait": table(
                "elapsed_s dt_s covered_s heart_rate_bpm heart_rate_step_bpm since_s",
                (0, 1, 1, 150, None, None),
                (1, 3, 3, 154, 4, 1),
                (10, 1, 1, 150, -4, 9),
                (20, 1, 1, 165, 15, 10),
                (30, 1, 1, 180, 15, 11),
                (40, 1, 1, 161, None, 10),
                (50, 0, 0, 90, -71, 1),
                run_id="r",
                is_running=True,
                cadence_spm=170,
                speed_mps=3.0,
                moving_s=0,
            )
        },
        table(
            "part covered_s heart_rate_bpm lowest_bpm jumps",
            (0, 4, 153, 150, False),
            (1, 1, 150, 150, False),
            (2, 1, 165, 165, True),
            (3, 1, 180, 180, False),
            (4, 1, 161, 161, True),
        ),
    ),
    Case(
        "heart_rate_part",
        "near the steps or the strides, for most of a stretch and its neighbours",
        {
            "sample_gait": table(
                "elapsed_s heart_rate_bpm",
                (0, 150),
                (10, 168),
                (20, 171),
                (30, 160),
                (40, 85),
                (50, 150),
                (60, 150),
                run_id="r",
                is_running=True,
                cadence_spm=170,
                speed_mps=3.0,
                moving_s=0,
                dt_s=1,
                covered_s=1,
            )
        },
        table(
            "part near_steps is_near_steps",
            (0, False, False),
            (1, True, True),
            (2, True, True),
            (3, False, True),
            (4, True, False),
            (5, False, False),
            (6, False, False),
        ),
    ),
    Case(
        "heart_rate_usual",
        "medians after the first minutes, what may be steps left out; too little tells nothing",
        {
            "heart_rate_part": [
                *parts(
                    180,
                    heart_rate_bpm=lambda i: 190.0 if i < 60 else 150.0,
                    is_near_steps=lambda i: i >= 150,
                ),
                *parts(119, run_id="short"),
            ]
        },
        table(
            "run_id usual_bpm usual_effort_mps effort_from_mps effort_to_mps bpm_per_mps",
            ("r", 150, 3.0, 2.8, 3.2, 0),
        ),
    ),
    Case(
        "heart_rate_odds",
        "how far from usual at the same effort; unknown at an effort that the run does not have",
        {
            "heart_rate_part": parts(
                3,
                heart_rate_bpm=lambda i: [170.0, 170.0, None][i],
                effort_mps=lambda i: [3.5, 4.5, 3.0][i],
            ),
            "heart_rate_usual": [
                {
                    "run_id": "r",
                    "usual_bpm": 150,
                    "usual_effort_mps": 3.0,
                    "bpm_per_mps": 20,
                    "effort_from_mps": 2.5,
                    "effort_to_mps": 3.6,
                }
            ],
        },
        table("part odds_bpm", (0, 10), (1, None)),
    ),
    Case(
        "heart_rate_lock",
        "near the steps for minutes, following them, and unlike the rest of the run",
        {
            "heart_rate_odds": odds(
                30,
                is_near_steps=lambda i: 5 <= i < 17,
                cadence_spm=lambda i: 168 + wave(i),
                heart_rate_bpm=lambda i: 168 + wave(i),
                odds_bpm=18.0,
            )
        },
        found(*range(5, 17)),
    ),
    Case(
        "heart_rate_lock",
        "a heart that beats as often as its runner steps is no fault: neither if it goes its own "
        "way, nor if it is constant, nor if the rest of the run is alike, nor for a moment",
        {
            "heart_rate_odds": [
                *odds(
                    30,
                    run_id="own",
                    is_near_steps=True,
                    odds_bpm=18.0,
                    cadence_spm=lambda i: 168 + wave(i),
                    heart_rate_bpm=lambda i: 168 + wave(i + 3),
                ),
                *odds(
                    30,
                    run_id="constant",
                    is_near_steps=True,
                    odds_bpm=None,
                    cadence_spm=lambda i: 168 + wave(i),
                    heart_rate_bpm=168.0,
                ),
                *odds(
                    30,
                    run_id="alike",
                    is_near_steps=True,
                    odds_bpm=9.0,
                    cadence_spm=lambda i: 168 + wave(i),
                    heart_rate_bpm=lambda i: 168 + wave(i),
                ),
                *odds(
                    30,
                    run_id="moment",
                    is_near_steps=lambda i: i < 11,
                    odds_bpm=18.0,
                    cadence_spm=lambda i: 168 + wave(i),
                    heart_rate_bpm=lambda i: 168 + wave(i),
                ),
                *odds(
                    29,
                    run_id="alone",
                    is_near_steps=True,
                    odds_bpm=None,
                    cadence_spm=lambda i: 168 + wave(i),
                    heart_rate_bpm=lambda i: 168 + wave(i),
                ),
            ]
        },
    ),
    Case(
        "heart_rate_stray",
        "between two jumps the side further from usual is odd; a jump's own stretch always is",
        {
            "heart_rate_odds": odds(
                12,
                jumps=lambda i: i in {4, 7},
                heart_rate_bpm=lambda i: 90.0 if 4 <= i < 7 else 150.0,
            )
        },
        found(4, 5, 6, 7),
    ),
    Case(
        "heart_rate_stray",
        "what lasts longer than a quarter of an hour may be the true heart",
        {
            "heart_rate_odds": odds(
                95, jumps=lambda i: i == 91, heart_rate_bpm=lambda i: 90.0 if i < 91 else 150.0
            )
        },
        found(91),
    ),
    Case(
        "heart_rate_flat",
        "unchanged to the beat for two minutes is odd where effort changes, and only there",
        {
            "heart_rate_odds": [
                *odds(
                    14,
                    lowest_bpm=150.0,
                    highest_bpm=lambda i: 150.0 + (i == 0),
                    effort_mps=lambda i: 3.0 if i < 9 else 3.45,
                ),
                *odds(99, run_id="even", lowest_bpm=150.0, highest_bpm=150.0),
                *odds(99, run_id="alive", effort_mps=lambda i: 3.0 if i < 9 else 3.45),
            ]
        },
        found(*range(1, 14)),
    ),
    Case(
        "heart_rate_unsettled",
        "far above in the first ten minutes is not settled; far below only once it had time",
        {
            "heart_rate_odds": [
                *odds(80, odds_bpm=lambda i: 15.0 if 6 <= i < 12 or i >= 70 else 0.0),
                *odds(30, run_id="rising", odds_bpm=lambda i: -60.0 if i < 18 else 0.0),
                *odds(30, run_id="blink", odds_bpm=lambda i: 20.0 if 6 <= i < 11 else 0.0),
            ]
        },
        found(*range(6, 12)),
    ),
    Case(
        "heart_rate_fault",
        "a stretch has one fault, the plainest: beyond any heart, lock, jump, flat, low, unsettled",
        {
            "heart_rate_part": [
                *parts(1, lowest_bpm=0.0),
                *parts(1, part=9, lowest_bpm=40.0, is_running=False),
            ],
            "heart_rate_lock": found(0, 1),
            "heart_rate_stray": found(1, 2),
            "heart_rate_flat": found(2, 3),
            "heart_rate_unsettled": found(3, 4),
            "heart_rate_odds": [
                *odds(1, part=5, has_caught_up=True, odds_bpm=-40.0),
                *odds(1, part=6, has_caught_up=False, odds_bpm=-60.0),
            ],
        },
        table(
            "part fault_key",
            (0, "heart_rate_range"),
            (1, "cadence_lock"),
            (2, "heart_rate_jump"),
            (3, "heart_rate_flat"),
            (4, "heart_rate_unsettled"),
            (5, "heart_rate_low"),
        ),
    ),
    Case(
        "exclusion",
        "every reason with what it means and where it comes from",
        {"exclusion_data": [EXCLUSION_ROW]},
        [{k: EXCLUSION_ROW[k] for k in ("reason", "exclusion_key", "applies_to", "source")}],
    ),
    Case(
        "run_exclusion",
        "a second counts under its own reason, a steady one under its stretch's, a heart's beside",
        {
            "sample_gait": table(
                "elapsed_s moving_s covered_s exclusion_key heart_rate_bpm",
                (0, 0, 9, "warm_up", 150),
                (9, 9, 9, "warm_up", 150),
                (10, 100, 30, None, 150),
                (12, 100, 50, "steep", None),
                run_id="r",
            ),
            "run_bin": [
                {"run_id": "r", "steady_s": 30, "excluded_by": KEYS["bin_short"]},
                {"run_id": "r", "steady_s": 0, "excluded_by": KEYS["warm_up"]},
            ],
            "heart_rate_fault": [{"run_id": "r", "part": 1, "fault_key": "heart_rate_flat"}],
            "exclusion_data": REASONS,
        },
        table(
            "run_id reason applies_to excluded_s moving_share",
            ("r", KEYS["warm_up"], "second", 18, 0.18),
            ("r", KEYS["steep"], "second", 50, 0.5),
            ("r", KEYS["bin_short"], "stretch", 30, 0.3),
            ("r", KEYS["heart_rate_flat"], "heart rate", 30, 0.3),
        ),
    ),
    Case(
        "run",
        "seconds of a faulty heart rate stand beside the run; unknown without a heart rate",
        {
            "run_base": [
                {"run_id": "a", "heart_rate_id": "x"},
                {"run_id": "b", "heart_rate_id": "x"},
                {"run_id": "c"},
            ],
            "run_exclusion": table(
                "run_id applies_to excluded_s",
                ("a", "heart rate", 60),
                ("a", "heart rate", 30),
                ("a", "second", 99),
            ),
        },
        table("run_id heart_rate_fault_s", ("a", 90), ("b", 0), ("c", None)),
    ),
    Case(
        "steady_issue",
        "one row for many runs: the fault or the main reason, with the newest days",
        {
            "exclusion_data": REASONS,
            "run_base": [
                *(
                    {
                        "run_id": f"r{d}",
                        "athlete_id": "me",
                        "local_date": f"2026-03-0{d}",
                        "dynamics_id": "x",
                    }
                    for d in range(1, 8)
                ),
                {"run_id": "bare", "athlete_id": "me", "local_date": "2026-03-09"},
                {
                    "run_id": "good",
                    "athlete_id": "me",
                    "local_date": "2026-03-09",
                    "dynamics_id": "x",
                },
            ],
            "run_bin": [
                {"run_id": "good", "is_baseline": True},
                {"run_id": "good", "is_baseline": False},
            ],
            "run_exclusion": [
                *(
                    {
                        "run_id": f"r{d}",
                        "applies_to": "second",
                        "reason": KEYS["walking"],
                        "excluded_s": 900,
                    }
                    for d in range(1, 7)
                ),
                *(
                    {
                        "run_id": f"r{d}",
                        "applies_to": "second",
                        "reason": KEYS["warm_up"],
                        "excluded_s": 600,
                    }
                    for d in range(1, 8)
                ),
                {
                    "run_id": "bare",
                    "applies_to": "second",
                    "reason": KEYS["warm_up"],
                    "excluded_s": 600,
                },
                {
                    "run_id": "good",
                    "applies_to": "second",
                    "reason": KEYS["warm_up"],
                    "excluded_s": 600,
                },
                {
                    "run_id": "good",
                    "applies_to": "heart rate",
                    "reason": KEYS["cadence_lock"],
                    "excluded_s": 300,
                },
                {
                    "run_id": "bare",
                    "applies_to": "heart rate",
                    "reason": KEYS["cadence_lock"],
                    "excluded_s": 59,
                },
            ],
        },
        table(
            "severity what athlete_id",
            (
                "warning",
                (
                    "1 run (2026-03-09): heart rate follows the steps (cadence lock), 5 minutes "
                    "in all; it counts neither for metres a heartbeat nor for decoupling"
                ),
                "me",
            ),
            (
                "info",
                (
                    "6 runs (2026-03-06, 2026-03-05, 2026-03-04, 2026-03-03, 2026-03-02 …): "
                    "nothing counts at reference speed; main reason: walking"
                ),
                "me",
            ),
            (
                "info",
                (
                    "1 run (2026-03-07): nothing counts at reference speed; main reason: "
                    "first 10 minutes"
                ),
                "me",
            ),
        ),
    ),
    Case(
        "durability_window",
        "beats and metres by time on less than 6 % grade; warm-up, middle and last minute stay out",
        {
            "sample_value": table(
                "moving_s dt_s covered_s heart_rate_bpm speed_mps grade_pct",
                (0, 500, 500, 200, 1.0, None),
                (500, 300, 300, 140, 3.0, 0.0),
                (800, 100, 100, None, 3.0, 0.0),
                (900, 80, 80, 140, 1.0, 7.0),
                (1500, 900, 900, 190, 1.0, 0.0),
                (2700, 480, 500, 154, 3.0, None),
                (3590, 5, 5, 190, 1.0, 0.0),
                (3600, 1, 1, 190, 1.0, 0.0),
                run_id="r",
            )
        },
        table(
            "part running_s valid_s heart_rate_bpm flat_speed_mps beats_per_m",
            ("early", 480, 300, 140, 3.0, 140 / 180),
            ("late", 500, 500, 154, 3.0, 154 / 180),
        ),
    ),
    Case(
        "durability_pace",
        "the range, the middle and the spread of two-minute speeds in each window",
        {
            "run_bin": table(
                "mid_moving_s speed_mps",
                (540, 2.75),
                (660, 3.25),
                (1500, 9.0),
                (2760, 3.0),
                run_id="r",
            ),
            "sample_value": [{"run_id": "r", "moving_s": 3600}],
        },
        table(
            "part slowest_mps fastest_mps usual_mps spread_mps",
            ("early", 2.75, 3.25, 3.0, 0.125**0.5),
            ("late", 3.0, 3.0, 3.0, None),
        ),
    ),
    Case(
        "durability",
        "late over early where they compare, else the first reason why not",
        {
            "sample_value": [
                *lasting("good", "sparse", "holes", "fast", "slow", "restless", "absurd"),
                *lasting("short", moving_s=2999),
                *lasting("bare", heart=None),
            ],
            "durability_window": [
                *side("good"),
                *side("sparse", valid_s=479, running_s=479),
                *side("holes", valid_s=620),
                *side("fast"),
                *side("slow"),
                *side("restless"),
                *side("absurd", beats_per_m=1.6),
            ],
            "durability_pace": [
                *pace("good"),
                *pace("sparse"),
                *pace("holes"),
                *pace("absurd"),
                *pace("fast", usual_mps=3.41),
                *pace("slow", usual_mps=2.59),
                *pace("restless", spread_mps=0.51),
            ],
        },
        table(
            "run_id ratio drift_bpm reason",
            ("good", 1.1, 8.4, None),
            ("sparse", 1.1, 8.4, "7 valid min late in the run; 8 are needed"),
            ("holes", 1.1, 8.4, "only 68 % of a window is valid; 70 are needed"),
            (
                "fast",
                1.1,
                8.4,
                "the late part was faster than anything early, so the two do not compare",
            ),
            (
                "slow",
                1.1,
                8.4,
                "the late part was slower than anything early, so the two do not compare",
            ),
            ("restless", 1.1, 8.4, "the pace alternates, as in intervals"),
            ("absurd", 2.0, 138, "a ratio of 2.00 is a fault of a sensor"),
            ("short", None, None, "49 min moving; 50 are needed"),
            ("bare", None, None, "no heart rate"),
        ),
    ),
    Case(
        "run_decoupling",
        "only a run whose early and late compare has a ratio",
        {
            "durability": table(
                "run_id ratio reason", ("a", 1.1, None), ("b", 1.1, "no"), ("c", None, None)
            )
        },
        table("run_id hr_decoupling_ratio", ("a", 1.1)),
    ),
    Case(
        "run_durability",
        "a ratio has the class of its size; a run that does not compare has a reason and no number",
        {
            "durability": table(
                "run_id ratio drift_bpm reason",
                ("a", 1.09, 9, None),
                ("b", 1.1, 10, None),
                ("c", 1.2, 20, None),
                ("d", 1.2, 20, "no"),
                ("e", 0.98, -3, None),
            )
        },
        table(
            "run_id eligible hr_decoupling_ratio hr_drift_bpm decoupling_class reason",
            ("a", True, 1.09, 9, "low", None),
            ("b", True, 1.1, 10, "moderate", None),
            ("c", True, 1.2, 20, "high", None),
            ("d", False, None, None, None, "no"),
            ("e", True, 0.98, -3, "low", None),
        ),
    ),
    Case(
        "temperature_effect",
        "the fit is published as it is",
        {"temperature_fit": [{"athlete_id": "me", "slope_per_c": -0.004, "usable": True}]},
        table("athlete_id slope_per_c usable reason", ("me", -0.004, True, None)),
    ),
    Case(
        "run_form",
        "metres a heartbeat at the usual temperature; none where temperature or effect is unknown",
        {
            "run_base": table(
                "run_id sensor_epoch temperature_c",
                ("a", "e", 22.0),
                ("b", "e", None),
                ("c", "f", 22.0),
                athlete_id="me",
            ),
            "run_metric": table(
                "run_id", ("a",), ("b",), ("c",), metric="metres_per_beat", value=1.2
            ),
            "run_metric_adj": table(
                "run_id", ("a",), ("b",), ("c",), metric="metres_per_beat", value_adj=1.25
            ),
            "temperature_fit": table(
                "sensor_epoch usable slope_per_c",
                ("e", True, -0.005),
                ("f", False, None),
                athlete_id="me",
                reference_temperature_c=12.0,
            ),
        },
        table(
            "run_id metres_per_beat_adj metres_per_beat_temp_adj temperature_c",
            ("a", 1.25, 1.3, 22.0),
            ("b", 1.25, None, None),
            ("c", 1.25, None, 22.0),
        ),
    ),
]
