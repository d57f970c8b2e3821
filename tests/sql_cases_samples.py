"""Given → expected for the models between a recording's instants and a run's means."""

from __future__ import annotations

from carryover.catalogue.exclusions import exclusions
from sql_harness import Case, table

RUN = [{"run_id": "r", "activity_id": "r", "content_id": 1, "athlete_id": "me",
        "borrowed": [], "clock_shift_s": 0.0}]  # fmt: skip


REASONS = exclusions().to_dicts()


def instants(count, **changes):
    """Return instants a second apart; a change is a constant or a function of the second."""
    usual = {
        "run_id": "r", "elapsed_s": float, "moving_s": float, "dt_s": 1.0, "segment": 0,
        "segment_start_s": 0.0, "speed_mps": 3.0, "cadence_spm": 170.0, "stance_time_ms": 250.0,
        "contact_still_s": 0.0, "balance_still_s": 0.0, "oscillation_still_s": 0.0,
    }  # fmt: skip
    cells = usual | changes
    return [{k: v(i) if callable(v) else v for k, v in cells.items()} for i in range(count)]


def stored(count, **changes):
    """Return instants as the store holds them."""
    left_out = ("run_id", "segment_start_s", "contact_still_s", "balance_still_s",
                "oscillation_still_s")  # fmt: skip
    rows = instants(count, activity_id="r", content_id=1, **changes)
    return [{k: v for k, v in row.items() if k not in left_out} for row in rows]


def recorded(count, **changes):
    """Return instants of a run as its recording tells them."""
    rows = stored(count, **changes)
    return [
        {"run_id": "r"} | {k: v for k, v in row.items() if k not in ("activity_id", "content_id")}
        for row in rows
    ]


def reasons(*pairs):
    """Return expected rows of second and reason."""
    return table("elapsed_s unclean_key", *pairs)


def bins(*rows):
    return table("run_id metric bin_index value valid_s", *rows)


def lain(*rows):
    """Return the ground about instants: second, slope, metres covered."""
    return table("elapsed_s slope ground_m", *rows, run_id="r")


CASES = [
    Case(
        "sample_channel",
        "grade is the slope of the ground, where 20 m of it were covered and it is no fault",
        {
            "sample_told": recorded(4),
            "ground": lain((0, 0.02, 60), (1, 0.02, 19.9), (2, -0.41, 60), (3, None, None)),
        },
        table("elapsed_s grade_pct", (0, 2.0), (1, None), (2, None), (3, None)),
    ),
    Case(
        "sample_channel",
        "altitude makes no grade where there is no ground",
        {
            "run_indoors": [{"run_id": "r"}],
            "sample_told": recorded(2, altitude_m=lambda i: 0.6 * i),
            "ground": lain((0, 0.02, 60), (1, 0.02, 60)),
        },
        table("elapsed_s altitude_m grade_pct", (0, 0.0, None), (1, 0.6, None)),
    ),
    Case(
        "ground_point",
        "of each instant its way and its height are looked at",
        {"sample_told": recorded(1, distance_m=3.0, altitude_m=100.0)},
        table("run_id elapsed_s distance_m altitude_m", ("r", 0, 3.0, 100.0)),
    ),
    Case(
        "sample_told",
        "only the recording that a run rests on gives instants",
        {"run_recording": RUN, "store.sample": [r | {"content_id": 2} for r in stored(2)]},
    ),
    Case(
        "run_indoors",
        "the file's word or the person's says indoors; street, trail and no word at all do not",
        {
            "run_base": table(
                "run_id sub_sport",
                ("belt", "treadmill"),
                ("hall", "indoor_running"),
                ("game", "virtual_activity"),
                ("told", None),
                ("two meant", None),
                ("long", "trail"),
                ("plain", None),
            ),
            "declared_run": table(
                "run_id kind n_meant nth_of_run",
                ("told", "treadmill", 1, 1),
                ("two meant", "treadmill", 2, 1),
                ("long", "long", 1, 1),
                ("hall", "workout", 1, 1),
            ),
        },
        table("run_id", ("belt",), ("hall",), ("game",), ("told",)),
    ),
    Case(
        "sample_channel",
        "how long values stand still is said beside them",
        {
            "sample_told": recorded(2),
            "spell": table(
                "elapsed_s gap_s contact_still_s", (0, 1.0, 1.0), (1, None, 1.0), run_id="r"
            ),
        },
        table(
            "elapsed_s stance_time_ms gap_s contact_still_s",
            (0, 250.0, 1.0, 1.0),
            (1, 250.0, None, 1.0),
        ),
    ),
    Case(
        "spell_point",
        "of each instant the channels are looked at that a watch repeats",
        {"sample_told": recorded(1, heart_rate_bpm=140.0)},
        table("run_id elapsed_s segment heart_rate_bpm stance_time_ms", ("r", 0, 0, 140.0, 250.0)),
    ),
    Case(
        "sample_gait",
        "few steps and long contact are walking, and 10 s on either side are not steady",
        {
            "sample_channel": instants(
                31,
                cadence_spm=lambda i: 120.0 if i == 15 else 170.0,
                stance_time_ms=lambda i: 600.0 if i == 15 else 250.0,
            )
        },
        reasons(
            *((i, None) for i in range(5)),
            *((i, "near_walking") for i in range(5, 15)),
            (15, "walking"),
            *((i, "near_walking") for i in range(16, 26)),
            *((i, None) for i in range(26, 31)),
        ),
    ),
    Case(
        "sample_gait",
        "few steps with a flight phase are slow running, not walking",
        {"sample_channel": instants(1, cadence_spm=136.0, stance_time_ms=300.0)},
        table("is_running is_walking unclean_key", (True, False, None)),
    ),
    Case(
        "sample_gait",
        "without contact time, few steps below 1.8 m/s are walking",
        {
            "sample_channel": instants(
                2,
                cadence_spm=120.0,
                stance_time_ms=None,
                speed_mps=lambda i: [1.5, 2.5][i],
                elapsed_s=lambda i: 60.0 * i,
            )
        },
        table("elapsed_s is_walking is_running", (0, True, False), (60, False, True)),
    ),
    Case(
        "sample_gait",
        "below 0.5 m/s, or with no step and no speed, is standing",
        {
            "sample_channel": instants(
                3, speed_mps=lambda i: [0.3, None, 3.0][i], cadence_spm=lambda i: [170, 0, 170][i]
            )
        },
        table(
            "elapsed_s is_running unclean_key",
            (0, False, "standing"),
            (1, False, "standing"),
            (2, True, None),
        ),
    ),
    Case(
        "sample_gait",
        "an instant that stands for no time is a pause, and 15 s after one are not steady",
        {
            "sample_channel": instants(
                4,
                elapsed_s=lambda i: [0, 100, 114, 115][i],
                segment=lambda i: min(i, 1),
                segment_start_s=lambda i: [0, 100, 100, 100][i],
                dt_s=lambda i: min(i, 1),
            )
        },
        table(
            "elapsed_s is_running unclean_key",
            (0, False, "pause"),
            (100, True, "after_pause"),
            (114, True, "after_pause"),
            (115, True, None),
        ),
    ),
    Case(
        "sample_gait",
        "a slow second, an impossible contact and a frozen one run on but are not steady",
        {
            "sample_channel": instants(
                5,
                speed_mps=lambda i: 1.7 if i == 0 else 3.0,
                stance_time_ms=lambda i: [250, 460, 250, 250, None][i],
                contact_still_s=lambda i: [0, 0, 31, 30, 99][i],
            )
        },
        table(
            "elapsed_s is_running unclean_key",
            (0, True, "slow"),
            (1, True, "contact_range"),
            (2, True, "contact_frozen"),
            (3, True, None),
            (4, True, None),
        ),
    ),
    Case(
        "sample_value",
        "only running counts, and derived metrics follow their formulas",
        {
            "run_recording": RUN,
            "sample_gait": table(
                "elapsed_s is_running cadence_spm stance_time_ms stance_time_balance_pct speed_mps "
                "heart_rate_bpm vertical_oscillation_mm",
                (0, True, 166, 291, 51.0, 3.0, 150, 90),
                (1, False, 166, 291, 51.0, 3.0, 150, 90),
                run_id="r",
                contact_still_s=0,
                balance_still_s=0,
                oscillation_still_s=0,
            ),
        },
        table(
            "elapsed_s duty_factor_pct symmetry_index_pct flight_time_ms step_length_mm "
            "metres_per_beat vertical_ratio_pct is_clean",
            (
                0,
                40.255,
                4.0,
                60_000 / 166 - 291,
                3000 / (166 / 60),
                1.2,
                9000 / (3000 / (166 / 60)),
                True,
            ),
        ),
    ),
    Case(
        "sample_value",
        "values out of range and values frozen for more than 30 s are null, never 0",
        {
            "run_recording": RUN,
            "sample_gait": table(
                "elapsed_s cadence_spm stance_time_ms stance_time_balance_pct contact_still_s "
                "balance_still_s",
                (0, 90, 1000, 0.0, 0, 0),
                (1, 170, 250, 50.0, 31, 31),
                (2, 170, 250, 50.0, 30, 30),
                run_id="r",
                is_running=True,
            ),
        },
        table(
            "elapsed_s cadence_spm stance_time_ms stance_time_balance_pct symmetry_index_pct",
            (0, None, None, None, None),
            (1, 170, None, None, None),
            (2, 170, 250, 50, 0),
        ),
    ),
    Case(
        "sample_value",
        "leg stiffness is Morin's worked figure, on the level and with mass and height only",
        {
            "run_recording": [*RUN, {"run_id": "x", "athlete_id": "bare"}],
            "person": table("athlete_id mass_kg height_m", ("me", 70, 1.75), ("bare", None, 1.75)),
            "sample_gait": table(
                "run_id grade_pct",
                ("r", 0.0),
                ("r", None),
                ("r", 3.5),
                ("x", 0.0),
                speed_mps=3.33,
                stance_time_ms=250,
                cadence_spm=60_000 / 350,
                contact_still_s=0,
                is_running=True,
            ),
        },
        table(
            "run_id grade_pct leg_stiffness_knpm",
            ("r", 0.0, 9.518173),
            ("r", None, 9.518173),
            ("r", 3.5, None),
            ("x", 0.0, None),
        ),
    ),
    Case(
        "sample",
        "steady is what has no reason against it; reasons and faults are told in words",
        {
            "sample_gait": table(
                "elapsed_s moving_s is_running exclusion_key heart_rate_bpm",
                (0, 599, True, "warm_up", 150),
                (9, 600, True, None, 150),
                (10, 601, True, "slow", 170),
                (19, 602, False, "standing", None),
                run_id="r",
            ),
            "heart_rate_fault": [{"run_id": "r", "part": 1, "fault_key": "cadence_lock"}],
            "exclusion_data": REASONS,
        },
        table(
            "moving_s is_steady excluded_by heart_rate_fault",
            (599, False, "first 10 minutes", None),
            (600, True, None, None),
            (601, False, "slower than 1.8 m/s", "heart rate follows the steps (cadence lock)"),
            (602, False, "standing", None),
        ),
    ),
    Case(
        "run_bin",
        "means are weighted by time, over clean running on less than 6 % grade",
        {
            "sample_value": table(
                "moving_s dt_s covered_s speed_mps is_clean grade_pct exclusion_key",
                (720, 60, 70, 3.0, True, 0.0, None),
                (780, 30, 30, 4.0, True, None, None),
                (810, 5, 5, 9.0, False, 0.0, "walking"),
                (815, 5, 5, 9.0, True, 6.5, "steep"),
                run_id="r",
            )
        },
        table(
            "bin_index running_s clean_s steady_s speed_mps grade_pct is_baseline",
            (6, 110, 100, 100, 300 / 90, 0.0, True),
        ),
    ),
    Case(
        "run_bin",
        "a baseline bin is level, after minute ten and at least half full",
        {
            "sample_value": table(
                "moving_s dt_s covered_s grade_pct speed_mps",
                (480, 5, 120, 0.0, 3.0),
                (600, 5, 60, 3.0, 3.0),
                (720, 5, 120, 3.1, 3.0),
                (840, 5, 59, 0.0, 3.0),
                (960, 5, 120, 0.0, None),
                run_id="r",
                is_clean=True,
            ),
            "exclusion_data": REASONS,
        },
        table(
            "bin_index is_baseline excluded_by",
            (4, False, "first 10 minutes"),
            (5, True, None),
            (6, False, "in a stretch of 120 s steeper than 3 % on average"),
            (7, False, "in a stretch of 120 s with less than 60 s of steady running"),
            (8, False, "no speed"),
        ),
    ),
    Case(
        "bin_metric",
        "a bin's value is the time-weighted mean of what is valid; too little of it is no value",
        {
            "sample_value": table(
                "moving_s dt_s covered_s stance_time_ms cadence_spm",
                (0, 30, 30, 250, 170),
                (30, 10, 12, 270, 170),
                (60, 40, 40, None, 170),
                (130, 29, 29, 240, 170),
                run_id="r",
                is_clean=True,
            ),
            "run_bin": table("bin_index", (0,), (1,), run_id="r"),
            "run_recording": RUN,
        },
        bins(
            ("r", "cadence_spm", 0, 170, 82),
            ("r", "cadence_spm", 1, None, 29),
            ("r", "stance_time_ms", 0, 255, 42),
            ("r", "stance_time_ms", 1, None, 29),
        ),
    ),
    Case(
        "bin_metric",
        "unclean and steep seconds are left out",
        {
            "sample_value": table(
                "cadence_spm is_clean grade_pct",
                (170, True, -6.0),
                (100, False, 0),
                (100, True, 7),
                run_id="r",
                moving_s=0,
                dt_s=60,
                covered_s=60,
            ),
            "run_bin": [{"run_id": "r", "bin_index": 0}],
            "run_recording": RUN,
        },
        bins(("r", "cadence_spm", 0, 170, 60)),
    ),
    Case(
        "run_metric",
        "a run's mean weighs by time and coverage tells how much of its running is valid",
        {
            "sample_value": table(
                "dt_s stance_time_ms", (1, 240), (3, 260), (4, None), run_id="r", cadence_spm=170
            )
        },
        table(
            "metric value coverage_pct",
            ("cadence_spm", 170, 100),
            ("stance_time_ms", 255, 50),
            *(
                (name, None, 0)
                for name in (
                    "stance_time_balance_pct",
                    "symmetry_index_pct",
                    "stance_time_left_ms",
                    "stance_time_right_ms",
                    "duty_factor_pct",
                    "flight_time_ms",
                    "vertical_oscillation_mm",
                    "vertical_ratio_pct",
                    "step_length_mm",
                    "leg_stiffness_knpm",
                    "vertical_stiffness_knpm",
                    "metres_per_beat",
                )
            ),
        ),
    ),
    Case(
        "run_base",
        "a run without a name is called by its file's word, and its local start is its own clock's",
        {
            "run_recording": RUN,
            "run_match": [{"activity_id": "r", "keeper_id": "r", "run_id": "r"}],
            "run_member": [{"run_id": "r", "sub_sport": "trail", "clock_rank": 1}],
            "recording": [
                {
                    "activity_id": "r",
                    "moving_s": 100,
                    "distance_m": 300,
                    "utc_offset_s": 7200,
                    "started_at": "2026-04-12 05:30:20+00",
                }
            ],
        },
        table("run_id name avg_speed_mps local_start", ("r", "Trail", 3.0, "2026-04-12 07:30:20")),
    ),
    Case(
        "sample_fault",
        "a run names each broken law of its instants once, and is silent where none is broken",
        {
            "exclusion_data": table(
                "reason applies_to", ("walking", "second"), ("odd", "heart rate")
            ),
            "sample": table(
                "run_id elapsed_s recorded_at is_steady excluded_by heart_rate_fault",
                ("r", 0, "2026-03-01 08:00:00+00", False, "tired", "odd"),
                ("r", 1, "2026-03-01 08:00:00+00", False, "tired", "even"),
                ("s", 0, "2026-03-01 08:00:00+00", False, "walking", "odd"),
                ("s", 1, "2026-03-01 08:00:01+00", True, None, None),
            ),
            "sample_value": table("run_id elapsed_s metres_per_beat", ("s", 1, 1.2)),
        },
        table(
            "run_id law", ("r", "sample_order"), ("r", "heart_rate_reason"), ("r", "steady_reason")
        ),
    ),
]
