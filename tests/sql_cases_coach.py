"""Given → expected for the coach's rules on training: placement, shares, weeks, reviews."""

from __future__ import annotations

from sql_harness import Case, table

ME = {"athlete_id": "me"}
DAYS = table("first_date as_of first_strength", ("2026-03-02", "2026-05-31", "2026-03-02"), **ME)


def session(day, at="18:00", minutes=60, key=None, **more):
    """Return a strength session; no time is a log that knows only the date, put at noon."""
    known = at is not None
    return ME | {
        "session_id": key or f"s{day}", "local_date": day, "kind": "strength",
        "started_at": f"{day} {at or '12:00'}+00", "time_known": known,
        "duration_s": minutes * 60, "dose": 1,
    } | more  # fmt: skip


def run(day, kind="easy", at="07:00", hours=1.0, key=None, **more):
    """Return a run that moved for as long as it lasted."""
    return ME | {
        "run_id": key or f"r{day}", "local_date": day, "kind": kind, "started_at": f"{day} {at}+00",
        "elapsed_s": hours * 3600, "moving_s": hours * 3600, "distance_m": 10000 * hours,
    } | more  # fmt: skip


def placement(law, sessions, runs, *expected, structure=()):
    """Return a case of placement: (session, day kind, flag, rules) of each session."""
    efforts = table("run_id structure", *structure)
    given = {"strength_session": sessions, "run": runs, "run_effort": efforts}
    rows = table("session_id day_kind flag rules", *expected)
    for row in rows:
        row["is_well_placed"] = row["flag"] is None
    return Case("session_placement", law, given, rows)


ON, DAY = "s2026-05-06", "2026-05-06"
PLACEMENT = [
    placement(
        "an easy day, a rest day and the day after an easy run are well placed",
        [session("2026-05-06"), session("2026-05-07"), session("2026-05-10")],
        [run("2026-05-06"), run("2026-05-08", "treadmill")],
        (ON, "easy", None, None),
        ("s2026-05-07", "rest", None, None),
        ("s2026-05-10", "rest", None, None),
    ),
    placement(
        "the day after a workout is flagged in its own word, two days after it is not",
        [session(DAY), session("2026-05-07")],
        [run("2026-05-05", "workout")],
        (ON, "rest", "the day after intervals", ["day after hard"]),
        ("s2026-05-07", "rest", None, None),
        structure=[("r2026-05-05", "intervals")],
    ),
    placement(
        "a tempo run, a progression and a workout that nobody can name are hard",
        [session(f"2026-05-0{n}") for n in (2, 4, 6)],
        [run(f"2026-05-0{n}", "workout") for n in (1, 3, 5)],
        ("s2026-05-02", "rest", "the day after a tempo run", ["day after hard"]),
        ("s2026-05-04", "rest", "the day after a progression run", ["day after hard"]),
        (ON, "rest", "the day after a workout", ["day after hard"]),
        structure=[("r2026-05-01", "tempo"), ("r2026-05-03", "progression")],
    ),
    placement(
        "hours are told where both times are known, from the end of one to the start of the other",
        [session(DAY), session("2026-05-20", "06:00")],
        [run(DAY, "workout", "13:00"), run("2026-05-20", "long", "09:00", 1.75)],
        (ON, "hard", "on the day of intervals, 4 hours after them", ["hard day"]),
        ("s2026-05-20", "long", "on the day of a long run, 2 hours before it", ["long day"]),
        structure=[(f"r{DAY}", "intervals")],
    ),
    placement(
        "a session that begins while the run still lasts is right after it",
        [session(DAY, "07:30")],
        [run(DAY, "race", "07:00")],
        (ON, "hard", "on the day of a race, right after it", ["hard day"]),
    ),
    placement(
        "without a time only dates speak: no order on a day, and the day before counts as before",
        [session(DAY, None), session("2026-05-21", None)],
        [run(DAY, "workout"), run("2026-05-20", "race")],
        (ON, "hard", "on the day of a workout", ["hard day"]),
        ("s2026-05-21", "rest", "the day after a race", ["day after hard"]),
    ),
    placement(
        "a long run takes its own day; the day after only where it was two hours or more",
        [session("2026-05-11"), session("2026-05-18")],
        [run("2026-05-10", "long", hours=1.9), run("2026-05-17", "long", hours=2.5)],
        ("s2026-05-11", "rest", None, None),
        ("s2026-05-18", "rest", "the day after a long run of 2.5 h", ["day after very long"]),
    ),
    placement(
        "the day before a race is flagged where it is within 36 hours, or no time is known",
        [
            session(DAY),
            session("2026-05-20", "00:10"),
            session("2026-05-27", None),
        ],
        [
            run("2026-05-07", "race", "09:00"),
            run("2026-05-21", "race", "19:00"),
            run("2026-05-28", "race"),
        ],
        (ON, "rest", "the day before a race, 14 hours before it", ["race eve"]),
        ("s2026-05-20", "rest", None, None),
        ("s2026-05-27", "rest", "the day before a race", ["race eve"]),
    ),
    placement(
        "two things against one day are both told, the first rule first",
        [session(DAY)],
        [run("2026-05-05", "workout"), run("2026-05-07", "race", "10:00")],
        (
            ON,
            "rest",
            "the day after a workout and the day before a race, 15 hours before it",
            ["day after hard", "race eve"],
        ),
    ),
    placement(
        "two workouts the day before are said once; another athlete's count for nothing",
        [session(DAY), session(DAY, key="yours", athlete_id="you")],
        [
            run("2026-05-05", "workout", key="a"),
            run("2026-05-05", "workout", "17:00", key="b"),
        ],
        (ON, "rest", "the day after a workout", ["day after hard"]),
        ("yours", "rest", None, None),
    ),
    placement(
        "at midnight of the day clocks change the own date decides, and hours are of instants",
        # 00:30 on 29 March in Berlin is 23:30 on the 28th by UTC; the race is 8:00 on the clock,
        # 6:00 by UTC, and the night an hour short.
        [session("2026-03-29", key="dst", started_at="2026-03-28 23:30+00", duration_s=1800)],
        [
            run("2026-03-28", "workout", "16:00"),
            run("2026-03-29", "race", key="race", started_at="2026-03-29 06:00+00"),
        ],
        (
            "dst",
            "hard",
            "the day after a workout and on the day of a race, 6 hours before it",
            ["day after hard", "hard day"],
        ),
    ),
    Case(
        "session_placement",
        "the run before and the next one stand with kind and hours; drills are no session",
        {
            "strength_session": [session(DAY), session(DAY, kind="activation", key="drills")],
            "run": [
                run("2026-05-05", "easy", "18:00", key="eve"),
                run(DAY, "easy", "12:30", 0.5, key="noon"),
                run("2026-05-07", "workout", "19:00", key="next"),
                run("2026-05-08", "race", "05:00", key="late"),
            ],
        },
        [
            {
                "session_id": ON, "before_run_id": "noon", "before_run_kind": "easy",
                "since_run_h": 5, "after_run_id": "next", "after_run_kind": "workout",
                "until_run_h": 24, "judged_by": "times",
            }
        ],
    ),
    Case(
        "session_placement",
        "36 hours on there is no next run; without a time it is tomorrow's first, without hours",
        {
            "strength_session": [session(DAY, "05:00", 0), session("2026-05-20", None)],
            "run": [
                run("2026-05-07", at="17:30", key="far"),
                run("2026-05-19", key="eve"),
                run("2026-05-20", key="same day"),
                run("2026-05-21", at="18:00", key="second"),
                run("2026-05-21", key="first"),
            ],
        },
        table(
            "session_id before_run_id since_run_h after_run_id until_run_h judged_by",
            (ON, None, None, None, None, "times"),
            ("s2026-05-20", "eve", None, "first", None, "dates"),
        ),
    ),
    Case("session_placement", "without a session there is nothing to place", {"run": [run(DAY)]}),
]  # fmt: skip


def log(day, pain, stiffness=None, site="knee", side="left"):
    return ME | {
        "local_date": day, "site": site, "side": side,
        "pain_0_10": pain, "stiffness_0_10": stiffness,
    }  # fmt: skip


COACH_DAY = [
    Case(
        "coach_day",
        "the newest day of runs, sessions, pain and tests is today; drills begin no strength log",
        {
            "run": [run("2026-03-04")],
            "strength_session": [
                session("2026-03-02", kind="activation"),
                session("2026-03-05"),
                session("2026-03-09"),
            ],
            "wellness": [log("2026-03-11", 2)],
            "screening": [{"athlete_id": "you", "local_date": "2026-01-01"}],
        },
        table(
            "athlete_id first_date as_of first_strength",
            ("me", "2026-03-02", "2026-03-11", "2026-03-05"),
            ("you", "2026-01-01", "2026-01-01", None),
        ),
    ),
    Case(
        "coach_day",
        "a date later than the day after the newest file is a slip of the pen",
        {
            "run": [run("2026-03-04")],
            "wellness": [log("2062-03-05", 2), log("2026-03-06", 2)],
            "source_file": [ME | {"ingested_at": "2026-03-05 23:00+00"}],
        },
        table("first_date as_of", ("2026-03-04", "2026-03-06")),
    ),
    Case("coach_day", "without anything known there is no day", {"source_file": [ME]}),
]

THRUST = {"exercise_id": "thrust", "pattern": "hip", "unilateral": False}
SPLIT = {"exercise_id": "split", "pattern": "knee", "unilateral": True}
SETS = table(
    "exercise_id side reps weight_kg duration_s is_warmup glute_share bodyweight_share",
    ("thrust", "both", 10, 50, None, False, 0.5, 0.4),
    ("thrust", "both", 10, 20, None, True, 0.5, 0.4),
    ("split", None, None, None, 40, None, 0.5, 0.8),
    ("press", None, 10, 40, None, False, 0.0, 0.0),
    (None, None, 10, 40, None, False, None, None),
    visit_id="s1",
)
WORKING = [
    Case(
        "glute_set",
        "work is repetitions × load × glute share where loads are told; warm-ups have none",
        {
            "gym_set": SETS,
            "strength_session": [session(DAY, key="s1")],
            "exercise": [THRUST, SPLIT],
            "dose_channel": [ME | {"channel": "load"}],
            "person": [ME | {"mass_kg": 60}],
        },
        table(
            "pattern is_one_sided is_load work",
            ("hip", False, True, 0.5 * 10 * (50 + 0.4 * 60)),
            ("knee", True, True, 0.5 * 10 * 0.8 * 60),
        ),
    ),
    Case(
        "glute_set",
        "where the dose is told without loads each set is one; a told side is one-sided work",
        {
            "gym_set": [SETS[0] | {"side": "left"}, SETS[2]],
            "strength_session": [session(DAY, key="s1")],
            "exercise": [THRUST, SPLIT],
            "dose_channel": [ME | {"channel": "sessions"}],
        },
        table("is_one_sided is_load work", (True, False, 1), (True, False, 1)),
    ),
    Case(
        "glute_set",
        "drills are not strength work",
        {
            "gym_set": SETS,
            "strength_session": [session(DAY, key="s1", kind="activation")],
            "exercise": [THRUST],
        },
    ),
    Case(
        "glute_day",
        "a day adds up its sets by pattern and side; a set without known work counts for none",
        {
            "glute_set": table(
                "pattern is_one_sided work",
                ("hip", False, 300),
                ("hip", True, 100),
                ("knee", True, 100),
                ("knee", True, None),
                local_date=DAY,
                is_load=True,
                **ME,
            )
        },
        table(
            "n_sets work hip_work knee_work one_sided_work is_load", (3, 500, 400, 100, 200, True)
        ),
    ),
]


def worked(*rows):
    """Return days of glute work: day, all, hip, knee, one-sided."""
    names = "local_date work hip_work knee_work one_sided_work"
    return table(names, *rows, n_sets=5, is_load=True, **ME)


SHARES = (
    "Of the glute work of {} weeks {} % was hip-dominant, {} % knee-dominant, {} % one-sided "
    "({} sets, by load)."
)
SHARE = [
    Case(
        "dose_share",
        "the last 28 days and the last 84 to the newest known day, both ends included",
        {
            "coach_day": DAYS,
            "glute_day": worked(
                ("2026-05-31", 100, 60, 40, 10),
                ("2026-05-04", 100, 80, 20, 50),
                ("2026-05-03", 200, 0, 200, 0),
                ("2026-03-08", 999, 999, 0, 0),
            ),
        },
        table(
            "n_weeks from_date n_sets hip_share knee_share one_sided_share share_of says",
            (4, "2026-05-04", 10, 0.7, 0.3, 0.3, "load",
             SHARES.format(4, 70, 30, 30, 10)),
            (12, "2026-03-09", 15, 0.35, 0.65, 0.15, "load",
             SHARES.format(12, 35, 65, 15, 15)),
        ),
    ),
    Case(
        "dose_share",
        "without work there is no share, and no 0 for one",
        {"coach_day": DAYS},
        table(
            "n_weeks n_sets hip_share share_of says",
            (4, 0, None, None, "No glute work is known in these 4 weeks."),
            (12, 0, None, None, "No glute work is known in these 12 weeks."),
        ),
    ),
]  # fmt: skip


def week_days(first, as_of, strength):
    return {"coach_day": table("first_date as_of first_strength", (first, as_of, strength), **ME)}


WEEK = [
    Case(
        "training_week",
        "a week is told with all its parts, and two sessions that may hold glute work are kept",
        week_days("2026-05-06", "2026-05-10", "2026-05-06")
        | {
            "run": [run(DAY, "workout"), run("2026-05-08"), run("2026-05-10", "long", hours=2)],
            "strength_session": [
                session(DAY, dose=1.2, glute_sets=9, tonnage_kg=1000),
                session("2026-05-08", dose=None, glute_sets=None, tonnage_kg=None),
                session("2026-05-09", dose=0, glute_sets=0),
                session("2026-05-09", kind="activation", key="a", dose=None),
                session("2026-05-10", kind="hill_strides", key="h", dose=None, glute_sets=6),
            ],
            "glute_day": worked((DAY, 100, 60, 30, 20)),
            "session_placement": table(
                "session_id local_date flag",
                ("a", DAY, "on the day of a workout"),
                ("b", "2026-05-08", None),
                **ME,
            ),
            "wellness": [log("2026-05-07", 3, 1), log("2026-05-08", 1, 4, "hip")],
        },
        [
            {
                "week_start": "2026-05-04", "is_over": True, "is_silent": False, "n_runs": 3,
                "distance_m": 40000, "moving_s": 4 * 3600, "hard_runs": 1, "long_runs": 1,
                "strength_sessions": 3, "glute_sessions": 2, "activation_sessions": 1,
                "hill_stride_sessions": 1, "dose": None, "dose_unknown_sessions": 1,
                "hard_sets": 9, "tonnage_kg": 1000, "hip_share": 0.6, "knee_share": 0.3,
                "one_sided_share": 0.2, "sessions_target": 2, "kept_two": True,
                "placement_flags": 1, "worst_pain_0_10": 3, "worst_stiffness_0_10": 4,
                "flags": "Wed session on the day of a workout",
                "says": "3 runs, 40 km; 2 of 2 strength sessions. Wed session on the "
                "day of a workout. Pain at most 3/10 (left knee).",
            }
        ],
    ),
    Case(
        "training_week",
        "a session known to hold no glute work keeps none",
        week_days("2026-05-04", "2026-05-10", "2026-05-04")
        | {"strength_session": [session("2026-05-04"), session("2026-05-05", dose=0)]},
        table("strength_sessions glute_sessions kept_two", (2, 1, False)),
    ),
    Case(
        "training_week",
        "weeks are unbroken; one with neither run nor session is neither kept nor missed",
        week_days("2026-05-03", "2026-05-20", "2026-05-03")
        | {
            "run": [run("2026-05-03"), run("2026-05-16"), run("2026-05-20")],
            "strength_session": [session("2026-05-03"), session("2026-05-18")],
            "wellness": [log("2026-05-06", 0)],
        },
        table(
            "week_start is_over kept_two dose worst_pain_0_10 says",
            ("2026-04-27", True, False, 1, None, "1 run, 10 km; 1 of 2 strength sessions, dose 1."),
            ("2026-05-04", True, None, 0, 0, "No runs and no sessions."),
            ("2026-05-11", True, False, 0, None, "1 run, 10 km; 0 of 2 strength sessions."),
            ("2026-05-18", False, None, 1, None,
             "1 run, 10 km; 1 of 2 strength sessions so far, dose 1."),
        ),
    ),
    Case(
        "training_week",
        "before the first logged session nobody knows: no dose of 0 and nothing missed",
        week_days("2026-05-04", "2026-05-17", "2026-05-12")
        | {"run": [run(DAY)], "strength_session": [session("2026-05-12")]},
        table(
            "week_start kept_two dose hard_sets tonnage_kg says",
            ("2026-05-04", None, None, None, None, "1 run, 10 km; no strength log yet."),
            ("2026-05-11", False, 1, None, None, "No runs; 1 of 2 strength sessions, dose 1."),
        ),
    ),
    Case(
        "training_week",
        "an off week of the plan is neither kept nor missed, and its sessions are told",
        week_days("2026-05-04", "2026-05-17", "2026-05-04")
        | {
            "run": [run(DAY), run("2026-05-13")],
            "strength_session": [session("2026-05-04"), session("2026-05-05")],
            "plan_week": table(
                "week_start state", ("2026-05-04", "off"), ("2026-05-11", "on"), **ME
            ),
        },
        table(
            "week_start is_off sessions_target kept_two says",
            ("2026-05-04", True, 0, None,
             "1 run, 10 km; an off week of the plan, 2 strength sessions."),
            ("2026-05-11", False, 2, False, "1 run, 10 km; 0 of 2 strength sessions."),
        ),
    ),
    Case(
        "training_week",
        "without any session ever logged no week is kept or missed",
        week_days("2026-05-04", "2026-05-10", None) | {"run": [run(DAY)]},
        table("kept_two dose says", (None, None, "1 run, 10 km; no strength log yet.")),
    ),
    Case(
        "training_week",
        "without a run there are sessions, and a run without a distance has none",
        week_days("2026-05-04", "2026-05-17", "2026-05-04")
        | {
            "strength_session": [session("2026-05-04"), session("2026-05-10")],
            "run": [run("2026-05-12", distance_m=None)],
        },
        table(
            "week_start n_runs distance_m kept_two says",
            ("2026-05-04", 0, 0, True, "No runs; 2 of 2 strength sessions, dose 2."),
            ("2026-05-11", 1, None, False, "1 run; 0 of 2 strength sessions."),
        ),
    ),
    Case(
        "training_week",
        "a session at midnight of the day clocks change is in the week of its own date",
        week_days("2026-03-23", "2026-03-30", "2026-03-30")
        | {
            "strength_session": [
                session("2026-03-30", started_at="2026-03-29 22:10+00", key="monday 00:10"),
            ],
            "run": [run("2026-03-29", started_at="2026-03-28 23:30+00")],
        },
        table("week_start n_runs strength_sessions", ("2026-03-23", 1, 0), ("2026-03-30", 0, 1)),
    ),
]  # fmt: skip


def weeks(*starts, **more):
    usual = {
        "is_over": True, "is_silent": False, "is_off": False, "n_runs": 4, "distance_m": 40000,
        "dose": 2.0,
        "strength_sessions": 2, "glute_sessions": 2, "sessions_target": 2, "kept_two": True,
        "placement_flags": 0, "dose_unknown_sessions": 0, "hard_runs": 1,
    }  # fmt: skip
    return [ME | usual | {"week_start": start} | more for start in starts]


MAY = ("2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25")
APRIL = ("2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27")
FADES = (
    " So few weeks tell of dose and adherence; they are shorter than the 28 days over which the "
    "dose fades and give no verdict."
)
UNCOMPARED = " No form metric could be held against the four weeks before."
LAST_FOUR = table(
    "review from_date to_date n_weeks", ("last 4 weeks", MAY[0], "2026-05-31", 4), **ME
)


def reviewed(law, given, expected):
    given = {"review_window": LAST_FOUR} | given
    return Case("microcycle_review", law, given, [expected])


REVIEW = [
    Case(
        "review_window",
        "full weeks are counted back, microcycles on from the first week; none is cut short",
        {
            "training_week": [
                *weeks(*APRIL, *MAY[:2]),
                *weeks(MAY[2], is_over=False),
                *weeks("2026-05-04", athlete_id="new"),
            ]
        },
        table(
            "athlete_id review from_date to_date n_weeks",
            ("me", "last 2 weeks", "2026-05-04", "2026-05-17", 2),
            ("me", "last 3 weeks", "2026-04-27", "2026-05-17", 3),
            ("me", "last 4 weeks", "2026-04-20", "2026-05-17", 4),
            ("me", "microcycle", "2026-04-06", "2026-05-03", 4),
        ),
    ),
    Case("review_window", "one week is no review", {"training_week": weeks(MAY[0])}),
    Case(
        "review_change",
        "a review has the comparison to its last run; what follows another metric is left out",
        {
            "review_window": LAST_FOUR,
            "told_change": [
                row | {"started_at": f"{row['local_date']} 07:00+00"}
                for row in table(
                    "local_date run_id metric change word compared outcome",
                    ("2026-05-20", "a", "cadence_spm", 9, "beyond MDC", "weeks", "level"),
                    ("2026-05-31", "b", "cadence_spm", 3.14, "beyond MDC", "weeks", "level"),
                    ("2026-06-01", "c", "cadence_spm", 9, "beyond MDC", "weeks", "level"),
                    ("2026-05-31", "b", "stance_time_ms", -4.5, "likely", "weeks", "level"),
                    ("2026-05-31", "b", "balance", -0.352, "likely", "weeks", "level"),
                    ("2026-05-31", "b", "hr_decoupling_ratio", 0.021, "likely", "weeks", "level"),
                    ("2026-05-31", "b", "symmetry_index_pct", 1, "likely", "weeks", "level"),
                    ("2026-05-31", "y", "cadence_spm", 1, "likely", "usual", "level"),
                    ("2026-05-31", "z", "cadence_spm", 1, "likely", "weeks", "decay"),
                    noise=1,
                    sensor_epoch="e",
                    **ME,
                )
            ],
            "metric_data": table(
                "name label unit",
                ("cadence_spm", "Cadence", "spm"),
                ("stance_time_ms", "Ground contact time", "ms"),
                ("balance", "Contact balance", "% left"),
                ("hr_decoupling_ratio", "Heart-rate decoupling", "ratio"),
                ("symmetry_index_pct", "Symmetry index", "%"),
            ),
            "sensor_metric": table(
                "metric origin",
                ("cadence_spm", "measured"),
                ("stance_time_ms", "computed"),
                sensor_epoch="e",
                **ME,
            ),
        },
        table(
            "metric word words",
            ("cadence_spm", "beyond MDC", "Cadence +3.1 spm"),
            ("stance_time_ms", "likely", "Ground contact time −4.5 ms (computed by the watch)"),
            ("balance", "likely", "Contact balance −0.35 points"),
            ("hr_decoupling_ratio", "likely", "Heart-rate decoupling +0.021"),
        ),
    ),
    reviewed(
        "dose is held against as many weeks before; what moved and what hurts has its size",
        {
            "training_week": [
                *weeks("2026-03-30", dose=9),
                *weeks(*APRIL, dose=1),
                *weeks(*MAY, placement_flags=1),
            ],
            "glute_day": worked(("2026-05-31", 100, 60, 40, 30), ("2026-05-03", 900, 0, 0, 0)),
            "wellness": [
                log("2026-05-04", 3, 2), log("2026-05-31", 1, 4), log("2026-05-03", 9),
            ],
            "review_change": table(
                "metric change noise word words",
                ("a", 3, 2, "beyond MDC", "Cadence +3.0 spm"),
                ("b", -9, 8, "beyond MDC", "Step −9.0 mm"),
                ("c", 1, 1.1, "likely", "Contact +1.0 ms"),
                ("d", 0, 1, "within noise", "Drift +0.0 ms"),
                ("e", None, None, None, None),
                review="last 4 weeks", from_date=MAY[0], **ME,
            ),
        },
        {
            "dose": 8, "dose_before": 4, "dose_change": 4, "sessions_kept": 8,
            "sessions_planned": 8, "adherence_share": 1, "weeks_on": 4, "weeks_empty": 0,
            "placement_flags": 4, "n_runs": 16, "distance_m": 160000, "n_compared": 4,
            "beyond_mdc": ["Cadence +3.0 spm", "Step −9.0 mm"], "likely": ["Contact +1.0 ms"],
            "worst_pain_0_10": 3, "mean_pain_0_10": 2, "worst_stiffness_0_10": 4,
            "mean_stiffness_0_10": 3, "hip_share": 0.6, "knee_share": 0.4, "one_sided_share": 0.3,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; 8 of 8 strength sessions kept, dose 8 "
            "(4 more than in the 4 weeks before). 4 sessions not on an easy or rest day, or right "
            "after a hard one. Of the glute work 60 % hip-dominant, 40 % knee-dominant, 30 % "
            "one-sided. Pain at most 3/10 (left knee). Four weeks against four, of 4 metrics: "
            "beyond MDC Cadence +3.0 spm, Step −9.0 mm; likely Contact +1.0 ms." + FADES,
        },
    ),
    reviewed(
        "a week's third session makes up for no missed one, and an empty week counts for neither",
        {
            "training_week": [
                *weeks(MAY[0], glute_sessions=3, strength_sessions=3, dose=3),
                *weeks(MAY[1], glute_sessions=1, strength_sessions=1, dose=1, kept_two=False),
                *weeks(MAY[2], glute_sessions=0, strength_sessions=0, n_runs=0, distance_m=0,
                       dose=0, is_silent=True, kept_two=None),
                *weeks(MAY[3], glute_sessions=0, strength_sessions=0, dose=0, kept_two=False),
            ]
        },
        {
            "sessions_kept": 3, "sessions_planned": 6, "adherence_share": 0.5, "weeks_on": 2,
            "weeks_empty": 1, "dose_before": None, "dose_change": None, "beyond_mdc": [],
            "worst_pain_0_10": None, "hip_share": None,
            "says": "4 May to 31 May 2026: 12 runs, 120 km; 3 of 6 strength sessions kept, "
            "1 week without runs or sessions not counted, dose 4." + UNCOMPARED + FADES,
        },
    ),
    reviewed(
        "where the log does not reach so far back dose is held against nothing",
        {"training_week": [*weeks(*APRIL[:3], dose=None), *weeks(APRIL[3], *MAY)]},
        {"dose": 8, "dose_before": None, "dose_change": None},
    ),
    reviewed(
        "off weeks of the plan are no missed ones",
        {"training_week": [
            *weeks(*MAY[:2]),
            *weeks(*MAY[2:], is_off=True, sessions_target=0, kept_two=None, glute_sessions=0,
                   strength_sessions=0, dose=0),
        ]},
        {
            "sessions_kept": 4, "sessions_planned": 4, "weeks_off": 2, "weeks_on": 2,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; 4 of 4 strength sessions kept, "
            "2 off weeks of the plan, dose 4." + UNCOMPARED + FADES,
        },
    ),
    reviewed(
        "a whole off block has nothing due",
        {"training_week": weeks(*MAY, is_off=True, sessions_target=0, kept_two=None,
                                glute_sessions=0, strength_sessions=0, dose=0)},
        {
            "sessions_planned": None, "adherence_share": None,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; no session due, 4 off weeks of the "
            "plan." + UNCOMPARED + FADES,
        },
    ),
    reviewed(
        "where one session does not tell its dose the weeks have none, and no smaller one",
        {"training_week": [*weeks(*APRIL, *MAY[:3]),
                           *weeks(MAY[3], dose=None, dose_unknown_sessions=1)]},
        {
            "dose": None, "dose_before": 8, "dose_change": None, "sessions_kept": 8,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; 8 of 8 strength sessions kept."
            + UNCOMPARED + FADES,
        },
    ),
    reviewed(
        "before the strength log there is no adherence, and no dose to be held against",
        {
            "training_week": [
                *weeks(*MAY[:3], glute_sessions=0, strength_sessions=0, dose=None, kept_two=None),
                *weeks(MAY[3], glute_sessions=0, strength_sessions=0, dose=None, kept_two=None),
            ]
        },
        {
            "sessions_kept": None, "sessions_planned": None, "adherence_share": None, "dose": None,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; no strength log yet." + UNCOMPARED
            + FADES,
        },
    ),
    reviewed(
        "what was held against the weeks before and did not move is within noise",
        {
            "training_week": weeks(*APRIL, *MAY),
            "review_change": table("word", ("within noise",), metric="a", review="last 4 weeks",
                                   from_date=MAY[0], **ME),
        },
        {
            "dose_change": 0, "beyond_mdc": [], "likely": [],
            "says": "4 May to 31 May 2026: 16 runs, 160 km; 8 of 8 strength sessions kept, dose 8, "
            "as in the 4 weeks before. Four weeks against four: all of 1 metric within noise."
            + FADES,
        },
    ),
]  # fmt: skip


CASES = [*PLACEMENT, *COACH_DAY, *WORKING, *SHARE, *WEEK, *REVIEW]
