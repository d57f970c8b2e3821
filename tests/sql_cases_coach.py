"""Given → expected for the coach's rules: weeks, placement, reviews, progress, pain, screening."""

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
                run("2026-05-20", key="same day"),
                run("2026-05-21", at="18:00", key="second"),
                run("2026-05-21", key="first"),
            ],
        },
        table(
            "session_id before_run_id since_run_h after_run_id until_run_h judged_by",
            (ON, None, None, None, None, "times"),
            ("s2026-05-20", None, None, "first", None, "dates"),
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
CLAM = {"exercise_id": "clam", "pattern": "hip", "unilateral": True}
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
                "hill_stride_sessions": 1, "dose": 1.2, "dose_unknown_sessions": 1,
                "hard_sets": 9, "tonnage_kg": 1000, "hip_share": 0.6, "knee_share": 0.3,
                "one_sided_share": 0.2, "sessions_target": 2, "kept_two": True,
                "placement_flags": 1, "worst_pain_0_10": 3, "worst_stiffness_0_10": 4,
                "flags": "Wed session on the day of a workout",
                "says": "3 runs, 40 km; 2 of 2 strength sessions, dose 1.2. Wed session on the "
                "day of a workout. Pain at most 3/10 (left knee).",
            }
        ],
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
        "is_over": True, "is_silent": False, "n_runs": 4, "distance_m": 40000, "dose": 2.0,
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
                    ("2026-05-31", "b", "cadence_spm", 1, "likely", "usual", "level"),
                    ("2026-05-31", "b", "cadence_spm", 1, "likely", "usual", "decay"),
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
            "training_week": [*weeks(*APRIL, dose=1), *weeks(*MAY, placement_flags=1)],
            "glute_day": worked(("2026-05-31", 100, 60, 40, 30), ("2026-05-03", 900, 0, 0, 0)),
            "wellness": [
                log("2026-05-04", 3, 2), log("2026-05-31", 1, 4), log("2026-05-03", 9),
            ],
            "review_change": table(
                "metric change noise word words",
                ("a", 3, 2, "beyond MDC", "Cadence +3.0 spm"),
                ("b", -9, 3, "beyond MDC", "Step −9.0 mm"),
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
            "beyond_mdc": "['Step −9.0 mm', 'Cadence +3.0 spm']", "likely": "['Contact +1.0 ms']",
            "worst_pain_0_10": 3, "mean_pain_0_10": 2, "worst_stiffness_0_10": 4,
            "mean_stiffness_0_10": 3, "hip_share": 0.6, "knee_share": 0.4, "one_sided_share": 0.3,
            "says": "4 May to 31 May 2026: 16 runs, 160 km; 8 of 8 strength sessions kept, dose 8 "
            "(4 more than in the 4 weeks before). 4 sessions not on an easy or rest day, or right "
            "after a hard one. Of the glute work 60 % hip-dominant, 40 % knee-dominant, 30 % "
            "one-sided. Pain at most 3/10 (left knee). Four weeks against four, of 4 metrics: "
            "beyond MDC Step −9.0 mm, Cadence +3.0 spm; likely Contact +1.0 ms." + FADES,
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


def lifts(*rows, exercise=THRUST, **more):
    """Return sets as set_work has them: reps, weight, side."""
    return table("reps weight_kg side", *rows, visit_id=f"s{DAY}",
                 exercise_id=exercise["exercise_id"], **more)  # fmt: skip


def single(law, rows, *expected, exercise=THRUST, **more):
    given = {
        "set_work": lifts(*rows, exercise=exercise, **more),
        "strength_session": [session(DAY)],
        "exercise": [exercise],
    }
    return Case("exercise_set", law, given, [*expected])


EXERCISE = [
    single(
        "a maximum is weight × (1 + repetitions / 30), up to twelve repetitions and with a weight",
        [(12, 60, None), (13, 60, None), (1, 60, None), (8, None, None), (8, 0, None)],
        *table(
            "reps weight_kg one_rep_max_kg tonnage_kg free_reps",
            (12, 60, 84, 720, None),
            (13, 60, None, 780, None),
            (1, 60, 62, 60, None),
            (8, None, None, None, 8),
            (8, None, None, None, 8),
        ),
    ),
    single(
        "a one-sided set without its side may be of both legs: it has a tonnage and no maximum",
        [(8, 15, "left"), (8, 15, None), (8, 15, "both")],
        *table(
            "side one_rep_max_kg tonnage_kg is_clear",
            ("left", 19, 120, True),
            (None, None, 120, False),
            (None, None, 120, False),
        ),
        exercise=SPLIT,
    ),
    single(
        "a hold counts for its tonnage and stands as a hold where it has no weight",
        [(None, 10, None), (None, None, None)],
        *table("tonnage_kg hold_s one_rep_max_kg", (100, None, None), (None, 40, None)),
        duration_s=40,
    ),
    single("warm-ups are no progress", [(8, 60, None)], is_warmup=True),
    Case(
        "exercise_progress",
        "a week has its sets, tonnage by side and best maximum",
        {
            "exercise_set": table(
                "local_date side reps weight_kg tonnage_kg one_rep_max_kg",
                ("2026-05-04", "left", 8, 15, 120, 19),
                ("2026-05-10", "right", 8, 17.5, 140, 22),
                ("2026-05-11", None, 16, 15, 240, None),
                exercise_id="split",
                is_clear=True,
                **ME,
            )
        },
        table(
            "week_start n_sets reps tonnage_kg left_tonnage_kg right_tonnage_kg top_weight_kg "
            "one_rep_max_kg left_one_rep_max_kg right_one_rep_max_kg reason",
            ("2026-05-04", 2, 16, 260, 120, 140, 17.5, 22, 19, 22, None),
            ("2026-05-11", 1, 16, 240, None, None, 15, None, None, None,
             "more than 12 repetitions with weight, or none told"),
        ),
    ),
    Case(
        "exercise_progress",
        "why there is no maximum is said: no weight, no repetitions, no side",
        {
            "exercise_set": table(
                "exercise_id reps weight_kg is_clear free_reps hold_s",
                ("bodyweight", 8, None, True, 8, None),
                ("hold", None, 10, True, None, None),
                ("split", 16, 15, False, None, None),
                local_date=DAY,
                **ME,
            )
        },
        table(
            "exercise_id top_reps reason",
            ("bodyweight", 8, "no weight is told"),
            ("hold", None, "no repetitions are told"),
            ("split", None, "the side is not told: repetitions may be of both legs together"),
        ),
    ),
]  # fmt: skip


def best(law, rows, *expected):
    """Return a case of progress as of 31 May: rows of day, side, maximum, weight, repetitions."""
    names = "local_date side one_rep_max_kg weight_kg free_reps"
    sets = table(names, *rows, exercise_id="lift", is_one_sided=False, **ME)
    return Case("exercise_best", law, {"exercise_set": sets, "coach_day": DAYS}, [*expected])


BEST = [
    best(
        "four weeks against the four before and the first four of twelve, by the best of each",
        [
            ("2026-05-31", None, 84, 60, None),
            ("2026-05-04", None, 80, 60, None),
            ("2026-05-03", None, 81.5, 60, None),
            ("2026-04-05", None, 70, 50, None),
            ("2026-03-09", None, 60, 50, None),
            ("2026-03-08", None, 99, 80, None),
        ],
        {
            "first_date": "2026-03-08", "last_date": "2026-05-31", "n_weeks": 6,
            "measure": "estimated maximum", "unit": "kg", "best": 99, "best_date": "2026-03-08",
            "now_value": 84, "four_weeks_value": 81.5, "twelve_weeks_value": 70,
            "change_four": 2.5, "word_four": "rising", "change_twelve": 14,
            "word_twelve": "rising", "reason": None,
        },
    ),
    best(
        "less than a plate is held, and at 200 kg a plate is less than a step",
        [("2026-05-31", None, 202.4, 1, None), ("2026-05-01", None, 200, 1, None),
         ("2026-04-01", None, 205, 1, None)],
        {"change_four": 2.4, "word_four": "held", "change_twelve": -2.6, "word_twelve": "held"},
    ),
    best(
        "a step down is falling",
        [("2026-05-31", None, 47.5, 1, None), ("2026-05-01", None, 50, 1, None)],
        {"word_four": "falling", "word_twelve": None, "reason": None},
    ),
    best(
        "without a weight repetitions tell, two of them a step",
        [("2026-05-31", None, None, None, 17), ("2026-05-01", None, None, None, 15),
         ("2026-04-01", None, None, None, 16)],
        {"measure": "repetitions", "unit": "reps", "word_four": "rising", "word_twelve": "held"},
    ),
    best(
        "a measure that is not known now is not the one: weight stands in for the maximum",
        [("2026-05-31", None, None, 60, None), ("2026-05-01", None, 80, 55, None)],
        {"measure": "weight", "now_value": 60, "four_weeks_value": 55, "word_four": "rising"},
    ),
    best(
        "what was not done lately has a best and a reason, no word",
        [("2026-05-01", None, 80, 60, None)],
        {"best": 80, "now_value": None, "change_four": None, "word_four": None,
         "reason": "not done in the last four weeks"},
    ),
    best(
        "done for the first time it has nothing to be held against",
        [("2026-05-31", None, 80, 60, None)],
        {"now_value": 80, "word_four": None, "word_twelve": None,
         "reason": "nothing comparable before"},
    ),
    best(
        "left stands against right over twelve weeks, the smaller as a share of the larger",
        [("2026-05-31", "left", 18, 15, None), ("2026-05-30", "right", 20, 15, None),
         ("2026-03-01", "left", 30, 25, None)],
        {"left_value": 18, "right_value": 20, "side_symmetry_pct": 90, "weaker_side": "left"},
    ),
    best(
        "even sides have no weaker one, and the first day of a best is told",
        [("2026-05-31", "left", 20, 15, None), ("2026-05-30", "right", 20, 15, None)],
        {"side_symmetry_pct": 100, "weaker_side": None, "best_date": "2026-05-30"},
    ),
    best(
        "sets that can be compared with nothing say so",
        [("2026-05-31", None, None, None, None)],
        {"measure": None, "best": None, "n_weeks": 1,
         "reason": "neither weight nor repetitions of a told side are known"},
    ),
    best(
        "one side alone has no symmetry",
        [("2026-05-31", "left", 20, 15, None)],
        {"left_value": 20, "right_value": None, "side_symmetry_pct": None, "weaker_side": None},
    ),
    best("a set after the newest known day does not count", [("2062-05-31", None, 80, 60, None)]),
]  # fmt: skip


ADVICE_DAY = [
    Case(
        "advice_day",
        "each day with a word on pain, and the newest, has the four weeks to it and those before",
        {
            "coach_day": DAYS,
            "wellness": [log("2026-05-20", 3), log("2062-01-01", 3), log("2026-05-01", None)],
            "strength_session": [
                session("2026-05-20", dose=1.5),
                session("2026-05-10", dose=0),
                session("2026-04-23", dose=None),
                session("2026-04-22", dose=0.5),
                session("2026-03-26", dose=2),
                session("2026-03-25", dose=9),
                session("2026-05-20", kind="activation", key="drills", dose=None),
            ],
            "run": [run("2026-05-20"), run("2026-04-22", hours=2), run("2026-03-26")],
            "form_week": table(
                "week_start sensor_epoch value value_adj n_runs",
                ("2026-05-18", "old", 180, 179, 1),
                ("2026-05-18", "new", 172, 171, 3),
                metric="cadence_spm",
                **ME,
            ),
            "told_change": table(
                "local_date run_id started_at change noise word reason compared",
                ("2026-05-20", "a", "2026-05-20 07:00+00", 1, 2, "within noise", None, "weeks"),
                ("2026-05-19", "b", "2026-05-19 07:00+00", 9, 2, "beyond MDC", None, "weeks"),
                ("2026-05-20", "a", "2026-05-20 07:00+00", 8, 2, "beyond MDC", None, "usual"),
                metric="cadence_spm",
                outcome="level",
                **ME,
            ),
        },
        table(
            "local_date dose dose_before sessions sessions_before sessions_lately runs distance_m "
            "distance_before_m cadence_spm cadence_change_spm cadence_word cadence_reason",
            ("2026-05-20", 1.5, 2.5, 2, 2, 1, 1, 10000, 30000, 171, 1, "within noise", None),
            ("2026-05-31", 1.5, 0.5, 1, 2, 1, 1, 10000, 20000, None, 1, "within noise", None),
        ),
    ),
    Case(
        "advice_day",
        "before the first logged session its dose is not known; without runs there is no cadence",
        {
            "coach_day": table(
                "first_date as_of first_strength", ("2026-05-20", "2026-05-20", None), **ME
            )
        },
        table(
            "dose dose_before sessions sessions_before sessions_lately distance_m "
            "distance_before_m cadence_reason",
            (None, None, None, None, 0, 0, None, "no run in these four weeks"),
        ),
    ),
    Case(
        "advice_day",
        "a stretch within the log without a session is known to hold none",
        {"coach_day": DAYS},
        table("local_date dose dose_before sessions", ("2026-05-31", 0, 0, 0)),
    ),
]


def pained(law, entries, answer, rule, reason, lately=4, **more):
    """Return the answer to the last of several words on one place."""
    days = [ME | {"local_date": e["local_date"], "sessions_lately": lately} for e in entries]
    distinct = list({d["local_date"]: d for d in days}.values())
    given = {"coach_day": DAYS, "wellness": entries, "advice_day": distinct}
    last = entries[-1]
    rows = table(
        "local_date pain_0_10 answer rule reason",
        (last["local_date"], last["pain_0_10"], answer, rule, reason),
        **more,
    )
    return Case("pain_review", law, given, rows), last["local_date"]


def newest(*told):
    """Return cases that look only at the last day: `pain_review` over one day's words."""
    return [_only(case, day) for case, day in told]


def _only(case, day):
    # A word of the days before must stand in the past, so it gets no row of its own: its day is
    # not one of `advice_day`.
    given = case.given | {
        "advice_day": [d for d in case.given["advice_day"] if d["local_date"] == day]
    }
    return Case(case.model, case.law, given, case.expected)


PAIN = newest(
    pained(
        "pain from 5 on: scale back, and a promise of nothing",
        [log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower.",
    ),
    pained(
        "5 or more in each of two weeks: someone should look at it",
        [log("2026-05-20", 6), log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower. It was 5 or "
        "more two weeks running: see someone who can look at it.",
    ),
    pained(
        "5 or more twice within one week is one week",
        [log("2026-05-25", 6), log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower.",
    ),
    pained(
        "a rise by 2 in two weeks to 3 or more: scale back",
        [log("2026-05-16", 1), log("2026-05-23", 3), log("2026-05-30", 3)],
        "scale back", "pain rises",
        "Pain, left knee: up from 1 to 3 in two weeks.",
        pain_change=2, n_before=2,
    ),
    pained(
        "15 days ago is longer than two weeks",
        [log("2026-05-15", 1), log("2026-05-30", 3)],
        "hold", "pain holds",
        "Pain 3/10, left knee: from 3 on nothing is added; below 5 nothing is taken off.",
        pain_change=None, n_before=0,
    ),
    pained(
        "3 to 4 without a rise: hold",
        [log("2026-05-20", 4), log("2026-05-30", 4)],
        "hold", "pain holds",
        "Pain 4/10, left knee: from 3 on nothing is added; below 5 nothing is taken off.",
    ),
    pained(
        "a rise within the low band holds",
        [log("2026-05-20", 0), log("2026-05-30", 2)],
        "hold", "low pain rises", "Pain, left knee: low, but up from 0 to 2 in two weeks.",
    ),
    pained(
        "stiffness never scales back: it holds",
        [log("2026-05-20", 0, 6), log("2026-05-30", 0, 6)],
        "hold", "stiffness level", "Stiffness 6/10, left knee: nothing is added.",
    ),
    pained(
        "stiffness that rises holds",
        [log("2026-05-20", 0, 1), log("2026-05-30", 0, 3)],
        "hold", "stiffness rises", "Stiffness, left knee: up from 1 to 3 in two weeks.",
    ),
    pained(
        "low pain that was higher within two weeks holds",
        [log("2026-05-20", 4), log("2026-05-30", 0)],
        "hold", "pain was higher",
        "Pain, left knee: 0/10, but up to 4 in the two weeks before.",
    ),
    pained(
        "two words within a week are not two weeks",
        [log("2026-05-28", 0), log("2026-05-30", 0)],
        "hold", "not long told", "Pain 0/10, left knee: low, but not told of for two weeks yet.",
    ),
    pained(
        "another side or place says nothing of this one",
        [log("2026-05-20", 0, side="right"), log("2026-05-21", 0, site="hip"),
         log("2026-05-30", 0)],
        "hold", "not long told", "Pain 0/10, left knee: low, but not told of for two weeks yet.",
    ),
    pained(
        "low and stable without the sessions: hold",
        [log("2026-05-20", 1), log("2026-05-30", 2)],
        "hold", "too few sessions",
        "Pain 2/10, left knee, and stable; 3 strength sessions in two weeks, where 4 would be "
        "kept.",
        lately=3,
    ),
    pained(
        "low and stable for two weeks with two sessions a week: advance",
        [log("2026-05-20", 1), log("2026-05-30", 2)],
        "advance", "stable",
        "Pain 2/10, left knee: low and stable for two weeks, with 4 strength sessions.",
    ),
    pained(
        "a word on stiffness alone is judged by it; a place that is not told is one",
        [log("2026-05-20", None, 1, None, None), log("2026-05-30", None, 2, None, None)],
        "advance", "stable",
        "Stiffness 2/10, a site not told: low and stable for two weeks, with 4 strength sessions.",
    ),
)  # fmt: skip
PAIN += [
    Case(
        "pain_review",
        "what was done stands beside it: dose, sessions, runs and cadence with their changes",
        {
            "coach_day": DAYS,
            "wellness": [log("2026-05-30", 3), log("2026-05-30", None)],
            "advice_day": table(
                "local_date dose dose_before sessions sessions_before sessions_lately runs "
                "distance_m distance_before_m cadence_spm cadence_change_spm cadence_noise_spm "
                "cadence_word",
                ("2026-05-30", 8, 5, 8, 5, 4, 16, 160000, 150000, 172, 3, 2, "beyond MDC"),
                **ME,
            ),
        },
        table(
            "dose dose_change sessions sessions_before n_runs distance_m distance_change_m "
            "cadence_spm cadence_change_spm cadence_noise_spm cadence_word",
            (8, 3, 8, 5, 16, 160000, 10000, 172, 3, 2, "beyond MDC"),
        ),
    ),
]

KEPT = weeks(*MAY)
TODAY = [ME | {"local_date": "2026-05-31", "sessions": 8, "sessions_before": 8, "dose": 8,
               "dose_before": 7, "sessions_lately": 4}]  # fmt: skip


def advised(law, expected, **given):
    """Return a case of the advice of one athlete as of 31 May."""
    usual = {"coach_day": DAYS, "advice_day": TODAY, "training_week": KEPT}
    return Case("dose_advice", law, usual | given, [expected])


def progress(*words):
    return table("exercise_id word_four", *((f"e{n}", w) for n, w in enumerate(words)), **ME)


def word_on(day, answer, pain, site="knee", rule="a rule"):
    return ME | {"local_date": day, "site": site, "side": "left", "pain_0_10": pain,
                 "answer": answer, "rule": rule, "reason": f"because of the {site}"}  # fmt: skip


NO_PAIN = " No pain was told in two weeks."
ADVICE = [
    advised(
        "of the newest word on each place the most careful answer stands",
        {"as_of_date": "2026-05-31", "answer": "hold", "judged_by": "pain", "rule": "a rule",
         "reason": "because of the hip", "felt_date": "2026-05-29", "site": "hip",
         "pain_0_10": 3, "dose": 8, "dose_change": 1, "sessions_kept": 8, "sessions_planned": 8},
        pain_review=[
            word_on("2026-05-28", "scale back", 6),
            word_on("2026-05-30", "advance", 1),
            word_on("2026-05-29", "hold", 3, "hip"),
            word_on("2026-05-29", "hold", 2, "foot"),
        ],
    ),
    advised(
        "a word on pain older than two weeks no longer decides",
        {"answer": "advance", "judged_by": "dose", "rule": "flat", "felt_date": None,
         "n_held": 2, "reason": "Two sessions kept in each of four weeks, and none of 2 exercises "
         "has risen in them: add one step of weight, repetitions or sets." + NO_PAIN},
        pain_review=[word_on("2026-05-17", "scale back", 6)],
        exercise_best=progress("held", "held", None),
    ),
    advised(
        "what still rises is left alone",
        {"answer": "hold", "rule": "rising", "reason": "Two sessions kept in each of four weeks, "
         "and 1 of 2 exercises still rise: go on as you do." + NO_PAIN},
        exercise_best=progress("rising", "held"),
    ),
    advised(
        "where most exercises fall nothing is added",
        {"answer": "hold", "rule": "falling", "n_falling": 2, "reason": "Two sessions kept in each "
         "of four weeks, and 2 of 3 exercises fall: nothing is added." + NO_PAIN},
        exercise_best=progress("falling", "falling", "held"),
    ),
    advised(
        "as many fall as hold: nothing has risen",
        {"answer": "advance", "rule": "flat"},
        exercise_best=progress("falling", "held"),
    ),
    advised(
        "sessions without weights or repetitions cannot advance",
        {"answer": "hold", "rule": "nothing comparable", "reason": "Two sessions kept in each of "
         "four weeks, but no exercise can be compared: note weights and repetitions." + NO_PAIN},
    ),
    advised(
        "a week that was not kept: two a week first; older weeks and this one are not asked",
        {"answer": "hold", "rule": "not kept", "sessions_kept": 7, "sessions_planned": 8,
         "reason": "7 of 8 sessions kept in the last four full weeks. Two a week first, then more."
         + NO_PAIN},
        training_week=[
            *weeks(*APRIL, glute_sessions=0, kept_two=False),
            *weeks(*MAY[:3]),
            *weeks(MAY[3], glute_sessions=1, kept_two=False),
            *weeks("2026-06-01", glute_sessions=0, kept_two=None, is_over=False),
        ],
        exercise_best=progress("held"),
    ),
    advised(
        "a log of one week is no four weeks, kept or not",
        {"answer": "hold", "rule": "not kept", "reason": "1 full week so far with a log, 2 of 2 "
         "sessions kept. Four weeks of two first, then more." + NO_PAIN},
        training_week=weeks(MAY[3]),
    ),
    advised(
        "a log whose first week is not over has kept nothing and missed nothing",
        {"answer": "hold", "rule": "not kept", "sessions_kept": None, "reason": "0 full weeks so "
         "far with a log, 0 of 0 sessions kept. Four weeks of two first, then more." + NO_PAIN},
        training_week=weeks(MAY[3], is_over=False, kept_two=None),
    ),
    advised(
        "four weeks without a session: two a week again first",
        {"answer": "hold", "rule": "no session", "reason": "No strength session in four weeks. Two "
         "a week again first, then more." + NO_PAIN},
        advice_day=[TODAY[0] | {"sessions": 0}],
    ),
    advised(
        "without a strength log there is no answer",
        {"answer": None, "rule": "no strength log",
         "reason": "No strength session is logged yet."},
        coach_day=[DAYS[0] | {"first_strength": None}],
        advice_day=[TODAY[0] | {"sessions": None}],
    ),
]  # fmt: skip


def screened(law, tests, *expected, sessions=0, pairs=()):
    given = {
        "coach_day": DAYS, "screening": tests, "screening_symmetry": list(pairs),
        "advice_day": [TODAY[0] | {"sessions": sessions}],
        "screening_test": [{"test_id": "bridge", "name": "Single-leg bridge"}],
    }  # fmt: skip
    return Case("screening_due", law, given, [*expected])


def done(day, side="left", score=20, test_id="bridge", test="bridge"):
    return ME | {"local_date": day, "test": test, "test_id": test_id, "side": side,
                 "score": score, "unit": "reps"}  # fmt: skip


SCREENING = [
    screened(
        "in a block of strength a test is due after six weeks, on that very day",
        [done("2026-04-19", score=21), done("2026-03-01", score=9)],
        {
            "test": "Single-leg bridge", "side": "left", "last_date": "2026-04-19", "score": 21,
            "unit": "reps", "since_d": 42, "is_block": True, "interval_d": 42,
            "due_date": "2026-05-31", "is_due": True, "limb_symmetry_pct": None,
            "says": "due since 31 May, 6 weeks after 19 April, as a block of strength runs",
        },
        sessions=4,
    ),
    screened(
        "otherwise it is due after twelve",
        [done("2026-04-19")],
        {
            "since_d": 42, "is_block": False, "interval_d": 84, "due_date": "2026-07-12",
            "is_due": False, "says": "due on 12 July, 12 weeks after 19 April",
        },
        sessions=3,
    ),
    screened(
        "each side has its own day; symmetry is of the newest day with both, also where it is even",
        [
            done("2026-05-20"),
            done("2026-04-01", "right"),
            done("2026-05-01", None, test_id=None, test="Wobble"),
            done("2026-05-02", None, test_id=None, test="wobble"),
            done("2062-05-02"),
        ],
        *table(
            "test side last_date limb_symmetry_pct weaker_side symmetry_date",
            ("Single-leg bridge", "left", "2026-05-20", 100, None, "2026-04-01"),
            ("Single-leg bridge", "right", "2026-04-01", 100, None, "2026-04-01"),
            ("wobble", None, "2026-05-02", None, None, None),
        ),
        pairs=table(
            "local_date limb_symmetry_pct weaker_side",
            ("2026-01-01", 80, "left"),
            ("2026-04-01", 100, None),
            test_id="bridge",
            test="Single-leg bridge",
            **ME,
        ),
    ),
]  # fmt: skip

CASES = [
    *PLACEMENT,
    *COACH_DAY,
    *WORKING,
    *SHARE,
    *WEEK,
    *REVIEW,
    *EXERCISE,
    *BEST,
    *ADVICE_DAY,
    *PAIN,
    *ADVICE,
    *SCREENING,
]
