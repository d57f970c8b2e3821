"""Given → expected for hill strides: from instants to efforts, stretches, sets and sessions."""

from __future__ import annotations

import polars as pl

from carryover.catalogue.thresholds import limits
from carryover.estimate.ground import ground
from sql_harness import Case, table


def cost(grade):
    """Return the cost of a grade over that of the flat, after Minetti et al. 2002."""
    i = grade / 100
    return (155.4 * i**5 - 30.4 * i**4 - 43.3 * i**3 + 46.3 * i**2 + 19.5 * i + 3.6) / 3.6


def level(count, speed=3.0, grade=0.0, run="r", **more):
    """Return running seconds on the level."""
    return [
        {"run_id": run, "elapsed_s": float(t), "moving_s": float(t), "dt_s": 1.0,
         "speed_mps": speed, "grade_pct": grade, "is_running": True} | more
        for t in range(count)
    ]  # fmt: skip


def climb(grade, speed, seconds=21):
    """Return seconds of one steady slope, with altitude and distance."""
    return [
        {"run_id": "r", "elapsed_s": float(t), "moving_s": float(t), "dt_s": 1.0,
         "speed_mps": speed, "distance_m": speed * t, "altitude_m": grade / 100 * speed * t,
         "grade_pct": grade, "is_running": True}
        for t in range(seconds)
    ]  # fmt: skip


def slopes(rows):
    """Return the ground about these instants."""
    points = pl.DataFrame(rows).select("run_id", "elapsed_s", "distance_m", "altitude_m")
    return ground(points, limits().row(0, named=True)).to_dicts()


def efforts(*spans, grade=8.0, speed=3.0):
    """Return hard seconds of these spans (first second, after the last), soft ones between."""
    rows, soft, last = [], 0.0, 0
    for first, after in spans:
        soft += first - last
        last = after
        rows += [
            {"run_id": "r", "elapsed_s": float(t), "dt_s": 1.0, "distance_m": speed * t,
             "altitude_m": grade / 100 * speed * t, "speed_mps": speed, "easy_speed_mps": 3.0,
             "soft_s": soft, "flat_m": 3.0 * t}
            for t in range(first, after)
        ]  # fmt: skip
    return rows


def stretch(start, run="r", **changes):
    """Return a stretch that is a stride in every respect, but for the changes."""
    usual = {
        "run_id": run, "from_s": float(start), "until_s": start + 12.0, "duration_s": 12.0,
        "grade_pct": 8.0, "climb_m": 3.0, "speed_mps": 3.2, "flat_speed_mps": 4.8,
        "easy_speed_mps": 3.0, "before_s": 40.0, "after_s": 40.0, "before_mps": 2.0,
        "after_mps": 2.0, "before_flat_mps": 2.0, "after_flat_mps": 2.0,
    }  # fmt: skip
    return usual | changes


def four(**changes):
    return [stretch(t, **changes) for t in (600, 660, 720, 780)]


def no_set(law, **changes):
    """Return a case: four stretches that all differ from strides in one thing are no set."""
    return Case("stride_set", law, {"uphill_stretch": four(**changes)}, [])


STRIDES = table("stride_index started_elapsed_s duration_s", (1, 600.5, 10), (2, 660, 12),
                run_id="r")  # fmt: skip
RUN = {"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01",
       "started_at": "2026-03-01 07:00+00"}  # fmt: skip
LOG = {"athlete_id": "me", "local_date": "2026-03-01", "kind": "hill_strides", "time_known": True,
       "n_sources": 1, "n_sets": 8, "rpe": 7.0, "note": "steep"}  # fmt: skip


def logged(*rows):
    """Return hill strides as logs tell them: key, hour or none, changes."""
    return [
        LOG | {"visit_id": key, "time_known": hour is not None,
               "started_at": f"2026-03-01 {hour or 12:02d}:00+00"} | changes
        for key, hour, changes in rows
    ]  # fmt: skip


def paired(law, log, visit, runs=(RUN,), strides=STRIDES):
    """Return a case of runs and logs: which key the run's session has."""
    given = {"hill_stride": strides, "run_base": list(runs), "gym_session": log}
    return Case("hill_session", law, given, visit)


RECOGNISED = {"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01", "n_sets": 6,
              "started_at": "2026-03-01 07:10+00", "duration_s": 72.0}  # fmt: skip


def drilled(law, drills, runs, expected):
    """Return a case of drills (key, start or none, minutes) and runs (key, start)."""
    day = {"athlete_id": "me", "local_date": "2026-03-01"}
    given = {
        "gym_session": [
            day | {"visit_id": key, "kind": "activation", "time_known": at is not None,
                   "started_at": f"2026-03-01 {at or '12:00'}+00",
                   "duration_s": minutes and 60.0 * minutes}
            for key, at, minutes in drills
        ],
        "run_base": [day | {"run_id": key, "started_at": f"2026-03-01 {at}+00"}
                     for key, at in runs],
    }  # fmt: skip
    return Case("activation_run", law, given, table("visit_id run_id", *expected))


CASES = [
    Case(
        "easy_speed",
        "easy is the median of level 20 s parts: an interval and a hill do not move it",
        {
            "sample_gait": [
                *level(400),
                *level(40, speed=5.0, moving_s=1000.0),
                *level(60, speed=2.0, grade=8.0, moving_s=2000.0),
            ],
        },
        table("run_id easy_speed_mps", ("r", 3.0)),
    ),
    Case(
        "easy_speed",
        "too little level running, or no grade as indoors, give no easy speed",
        {
            "sample_gait": [
                *level(290, run="short"),
                *level(400, run="indoors", grade=None),
            ],
        },
        [],
    ),
    Case(
        "uphill_run",
        "a run that goes uphill at effort for 24 s is looked at closely, a walked hill is not",
        {
            "sample_gait": [
                *level(24, grade=6.0, run="strides"),
                *level(23, grade=6.0, run="short"),
                *level(90, grade=6.0, speed=2.0, run="walked"),
                *level(90, grade=1.0, speed=5.0, run="fast"),
            ],
            "easy_speed": table(
                "run_id", ("strides",), ("short",), ("walked",), ("fast",), easy_speed_mps=3.0
            ),
        },
        table("run_id easy_speed_mps", ("strides", 3.0)),
    ),
    Case(
        "uphill_effort",
        "an instant is an effort by its grade and by the speed on the flat that costs as much",
        {
            "sample_gait": climb(8.0, 3.0, seconds=2) + climb(8.0, 3.0)[2:],
            "ground": slopes(climb(8.0, 3.0, seconds=2) + climb(8.0, 3.0)[2:]),
            "uphill_run": [{"run_id": "r", "easy_speed_mps": 3.0}],
        },
        table(
            "elapsed_s soft_s flat_m",
            *[(t, 0, (t + 1) * round(3.0 * cost(8.0) * 2**24) / 2**24) for t in range(21)],
        ),
    ),
    Case(
        "uphill_effort",
        "the same hill walked is none, nor is the flat run fast",
        {
            "sample_gait": [
                *climb(8.0, 2.0),
                *[row | {"run_id": "flat"} for row in climb(1.0, 5.0)],
            ],
            "ground": slopes(
                [
                    *climb(8.0, 2.0),
                    *[row | {"run_id": "flat"} for row in climb(1.0, 5.0)],
                ]
            ),
            "uphill_run": table("run_id", ("r",), ("flat",), easy_speed_mps=3.0),
        },
        [],
    ),
    Case(
        "uphill_effort",
        "a grade needs ten metres of ground, and an altitude",
        {
            "sample_gait": [
                *climb(8.0, 3.0, seconds=4),
                *[row | {"run_id": "none", "altitude_m": None} for row in climb(8.0, 3.0)],
            ],
            "ground": slopes(
                [
                    *climb(8.0, 3.0, seconds=4),
                    *[row | {"run_id": "none", "altitude_m": None} for row in climb(8.0, 3.0)],
                ]
            ),
            "uphill_run": table("run_id", ("r",), ("none",), easy_speed_mps=2.0),
        },
        [],
    ),
    Case(
        "uphill_stretch",
        "a lapse of 2 s does not end a stretch, one of 3 s does; both sides are measured",
        {"uphill_effort": efforts((100, 106), (108, 114), (200, 210), (213, 220))},
        table(
            "from_s until_s duration_s grade_pct before_s after_s before_mps climb_m",
            (100, 114, 12, 8, None, 86, None, 0.08 * 3 * 12),
            (200, 210, 10, 8, 86, 3, 3 * 87 / 86, 0.08 * 3 * 10),
            (213, 220, 7, 8, 3, None, 3 * 4 / 3, 0.08 * 3 * 7),
        ),
    ),
    Case(
        "uphill_stretch",
        "what is shorter than 5 s or lower than a metre is noise, and no neighbour",
        {"uphill_effort": efforts((100, 110), (130, 134), (200, 210))},
        table("from_s after_s", (100, 90), (200, None)),
    ),
    Case(
        "uphill_stretch",
        "speed on the flat of equal cost is speed × cost of the grade",
        {"uphill_effort": efforts((100, 110), grade=10.0)},
        table("speed_mps flat_speed_mps", (3.0, 3.0 * cost(10.0))),
    ),
    Case(
        "stride_set",
        "four strides at even times are a set; ends of the run have no neighbour",
        {
            "uphill_stretch": [
                *four(),
                stretch(840, after_s=None, after_mps=None, after_flat_mps=None),
            ]
        },
        table("run_id from_s until_s", ("r", 600, 852)),
    ),
    Case("stride_set", "three are none", {"uphill_stretch": four()[:3]}, []),
    no_set("5 s are too short", duration_s=5.0),
    no_set("40 s are a repeat, no stride", duration_s=40.0),
    no_set("a climb below 2 m is within the noise", climb_m=1.9),
    no_set("3 % is no hill", grade_pct=3.0),
    no_set("more than 40 % is a fault of the barometer", grade_pct=41.0),
    no_set("an effort near the easy one is a hill, no stride", flat_speed_mps=3.8),
    no_set("without 15 s before it is a piece of a longer climb", before_s=10.0),
    no_set("with the same effort after it there was no rest", after_flat_mps=4.0),
    no_set("rolling hills at an even pace have no slower side", before_mps=3.2, after_mps=3.1),
    Case(
        "stride_set",
        "strides at odd times are a hilly run",
        {"uphill_stretch": [stretch(t) for t in (600, 640, 900, 930)]},
        [],
    ),
    Case(
        "stride_set",
        "strides more than five minutes apart are no set",
        {"uphill_stretch": [stretch(t) for t in (600, 910, 1220, 1530)]},
        [],
    ),
    Case(
        "stride_set",
        "where every third climb is no stride the run is hilly; one in four is a bad stride",
        {
            "uphill_stretch": [
                *[stretch(t, run="hilly") for t in (600, 660, 720, 780)],
                *[stretch(t, run="hilly", duration_s=40.0) for t in (630, 690)],
                *[stretch(t, run="set") for t in (600, 660, 720, 780)],
                stretch(630, run="set", duration_s=40.0),
            ]
        },
        table("run_id from_s", ("set", 600)),
    ),
    Case(
        "hill_stride",
        "only strides of a set are published, in order; other stretches of the run are not",
        {
            "uphill_stretch": [stretch(780), stretch(600), stretch(700)],
            "stride_set": [{"run_id": "r", "starts": [600.0, 780.0]}],
        },
        table("run_id stride_index started_elapsed_s climb_m", ("r", 1, 600, 3), ("r", 2, 780, 3)),
    ),
    paired(
        "strides without a log have a key of their own, made from the run's",
        [],
        table(
            "run_id log_id started_at duration_s n_sets",
            ("r", None, "2026-03-01 07:10:00.500000+00:00", 22, 2),
        ),
    ),
    paired(
        "a log of that day without a time tells of the same strides, and gives the key",
        logged(("l", None, {})),
        table("run_id log_id visit_id", ("r", "l", "l")),
    ),
    paired(
        "a log within three hours is the same, the nearer one of two",
        logged(("far", 9, {}), ("near", 8, {})),
        table("log_id", ("near",)),
    ),
    paired(
        "a log more than three hours off, of another kind, day or athlete is not",
        logged(
            ("late", 11, {}),
            ("gym", 7, {"kind": "strength"}),
            ("day", 7, {"local_date": "2026-03-02"}),
            ("you", 7, {"athlete_id": "you"}),
        ),
        table("log_id", (None,)),
    ),
    paired(
        "one log is joined to one of two runs",
        logged(("l", None, {})),
        table("run_id log_id", ("r", "l"), ("s", None)),
        runs=(RUN, RUN | {"run_id": "s", "started_at": "2026-03-01 18:00+00"}),
        strides=[*STRIDES, *[row | {"run_id": "s"} for row in STRIDES]],
    ),
    Case(
        "session_work",
        "log and run are one session: the log's key, effort and words, the run's time and number",
        {
            "gym_session": logged(("l", None, {})),
            "hill_session": [RECOGNISED | {"log_id": "l", "visit_id": "l"}],
        },
        table(
            "visit_id kind started_at time_known duration_s n_sets n_sources rpe note in_run_id",
            ("l", "hill_strides", "2026-03-01 07:10:00+00:00", True, 72, 6, 2, 7, "steep", "r"),
        ),
    ),
    Case(
        "session_work",
        "strides that only the run tells are a session; other sessions stay as they are",
        {
            "gym_session": [{"visit_id": "g", "kind": "strength", "n_sets": 3, "n_sources": 1}],
            "hill_session": [RECOGNISED | {"visit_id": "h", "log_id": None}],
        },
        table(
            "visit_id kind n_sets n_sources note in_run_id",
            ("g", "strength", 3, 1, None, None),
            ("h", "hill_strides", 6, 1, "recognised in the run", "r"),
        ),
    ),
    Case(
        "set_work",
        "strides stand for what the log tells of them: nothing is counted twice",
        {
            "gym_set": table(
                "visit_id set_index exercise_id", ("l", 0, "hill_strides"), ("g", 0, "lift")
            ),
            "hill_session": [RECOGNISED | {"log_id": "l", "visit_id": "l"}],
            "hill_stride": STRIDES,
        },
        table(
            "visit_id set_index exercise_id duration_s",
            ("g", 0, "lift", None),
            ("l", 0, "hill_strides", 10),
            ("l", 1, "hill_strides", 12),
        ),
    ),
    drilled(
        "drills prepare the first run after them, and no run twice over",
        [("d", "06:00", 10)],
        [("before", "05:30"), ("first", "06:20"), ("second", "06:40")],
        [("d", "first")],
    ),
    drilled(
        "90 minutes after their end is the last moment; rough minutes may overlap the run",
        [("last", "06:00", 10), ("late", "10:00", 10), ("rough", "14:00", 15)],
        [("a", "07:40"), ("b", "11:41"), ("c", "14:10")],
        [("last", "a"), ("rough", "c")],
    ),
    drilled(
        "drills without a time prepare the day's first run; unknown minutes count as none",
        [("untimed", None, 10), ("unmeasured", "06:00", None)],
        [("a", "07:00"), ("b", "18:00")],
        [("untimed", "a"), ("unmeasured", "a")],
    ),
    Case(
        "activation_run",
        "strength work and another's drills prepare nothing",
        {
            "gym_session": table(
                "visit_id athlete_id kind",
                ("s", "me", "strength"),
                ("d", "you", "activation"),
                started_at="2026-03-01 06:00+00",
                time_known=True,
                local_date="2026-03-01",
                duration_s=600,
            ),
            "run_base": [RUN],
        },
        [],
    ),
    Case(
        "strength_session",
        "drills are told with the run that they prepared",
        {
            "session_work": [{"visit_id": "d", "athlete_id": "me", "kind": "activation"}],
            "activation_run": [{"visit_id": "d", "run_id": "r"}],
        },
        table("session_id before_run_id dose", ("d", "r", None)),
    ),
    Case(
        "run",
        "drills are nought once any were logged, unknown before, and null where nobody timed them",
        {
            "run_base": table(
                "run_id local_date",
                ("early", "2026-02-01"),
                ("plain", "2026-03-02"),
                ("twice", "2026-03-03"),
                ("untimed", "2026-03-04"),
                athlete_id="me",
                moving_s=3000,
                distance_m=9000,
                avg_speed_mps=3,
            ),
            "gym_session": [
                {"athlete_id": "me", "kind": "activation", "local_date": "2026-03-01"},
                {"athlete_id": "me", "kind": "strength", "local_date": "2026-01-01"},
            ],
            "activation_run": table(
                "run_id duration_s", ("twice", 600), ("twice", 300), ("untimed", None)
            ),
        },
        table(
            "run_id activation_s", ("early", None), ("plain", 0), ("twice", 900), ("untimed", None)
        ),
    ),
]
