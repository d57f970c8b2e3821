"""Given → expected for block plans: what was planned, what was done, what to know."""

from __future__ import annotations

from sql_harness import Case, table

WEEKS = table(
    "week_start block state planned_sessions",
    ("2026-05-04", 1, "on", 2), ("2026-05-11", 1, "on", 2), ("2026-05-18", 2, "off", 0),
    ("2026-05-25", 2, "off", 0), ("2026-06-01", 3, "on", 1), athlete_id="me",
)  # fmt: skip


def gym(*days, kind="strength", dose=1.0, athlete_id="me"):
    return [
        {"session_id": f"{day}{n}", "local_date": day, "kind": kind, "dose": dose,
         "athlete_id": athlete_id}
        for n, day in enumerate(days)
    ]  # fmt: skip


def runs(*days, athlete_id="me"):
    return [{"run_id": d, "local_date": d, "athlete_id": athlete_id} for d in days]


def weeks(law, run, sessions, *rows):
    given = {"plan_week_data": WEEKS, "run": runs(*run), "strength_session": sessions}
    names = "week_start week_of_block status sessions_done dose_done kept_share"
    return Case("plan_week", law, given, table(names, *rows))


NOTHING = (None, None, None)
DONE = table(
    "week_start block state status planned_sessions sessions_done dose_done kept_share",
    ("2026-05-04", 1, "on", "past", 2, 2, 2.0, 1.0),
    ("2026-05-11", 1, "on", "past", 2, 1, 0.5, 0.5),
    ("2026-05-18", 2, "off", "past", 0, 1, 1.0, 0.0),
    ("2026-05-25", 2, "off", "now", 0, 0, 0.0, None),
    ("2026-06-01", 3, "on", "ahead", 1, None, None, None), athlete_id="me",
)  # fmt: skip
MADE = {"athlete_id": "me", "made_on_date": "2026-05-03", "metric": "stance_time_ms",
        "outcome": "decay", "wanted_half": 1.5, "expected_weeks": 34}  # fmt: skip
DRAWN = {"is_randomised": True, "is_intact": True, "is_drawn": True}
LABELS = table(
    "name label",
    ("stance_time_ms", "Ground contact time"), ("cadence_spm", "Cadence"),
)  # fmt: skip


def primary(metric, outcome):
    return [{"athlete_id": "me", "role": "primary", "metric": metric, "outcome": outcome}]


CHANGED = "the plan was changed after it was sealed; it counts as it now stands"
OTHER = (
    "the plan was made for Ground contact time (decay), but the main question is now "
    "Cadence (level)"
)
SAME = primary("stance_time_ms", "decay")
CASES = [
    weeks(
        "weeks that are over have what was kept; the present one counts, those ahead are not known",
        ["2026-05-26"],
        [*gym("2026-05-05", "2026-05-07", "2026-05-10"), *gym("2026-05-12", "2026-05-20")],
        ("2026-05-04", 1, "past", 3, 3.0, 1.0),
        ("2026-05-11", 2, "past", 1, 1.0, 0.5),
        ("2026-05-18", 1, "past", 1, 1.0, 0.0),
        ("2026-05-25", 2, "now", 0, 0.0, None),
        ("2026-06-01", 1, "ahead", *NOTHING),
    ),
    weeks(
        "today is the newest run or session, drills and others' sessions are none of the plan's",
        ["2026-05-01"],
        [*gym("2026-05-06", kind="activation"), *gym("2026-05-09", athlete_id="bo"),
         *gym("2026-05-10", dose=None)],
        ("2026-05-04", 1, "now", 1, 0.0, None),
        ("2026-05-11", 2, "ahead", *NOTHING),
        ("2026-05-18", 1, "ahead", *NOTHING),
        ("2026-05-25", 2, "ahead", *NOTHING),
        ("2026-06-01", 1, "ahead", *NOTHING),
    ),
    weeks(
        "without any data all of it lies ahead",
        [],
        [],
        *((day, n, "ahead", *NOTHING) for day, n in (
            ("2026-05-04", 1), ("2026-05-11", 2), ("2026-05-18", 1), ("2026-05-25", 2),
            ("2026-06-01", 1))),
    ),
    Case(
        "plan_block",
        "a block sums its weeks; kept is the mean of those that are over",
        {"plan_week": DONE},
        table(
            "block state from_date to_date n_weeks status planned_sessions sessions_done "
            "dose_done kept_share",
            (1, "on", "2026-05-04", "2026-05-17", 2, "past", 4, 3, 2.5, 0.75),
            (2, "off", "2026-05-18", "2026-05-31", 2, "now", 0, 1, 1.0, 0.0),
            (3, "on", "2026-06-01", "2026-06-07", 1, "ahead", 1, None, None, None),
        ),
    ),
    Case(
        "plan",
        "a plan spans its weeks, whole ones",
        {"plan_data": [MADE | DRAWN], "plan_week_data": WEEKS},
        [MADE | DRAWN | {"from_date": "2026-05-04", "to_date": "2026-06-07"}],
    ),
    Case(
        "plan_issue",
        "a sealed plan that is as it was is nothing to know",
        {"plan_data": [MADE | DRAWN], "carry_over": SAME, "metric_data": LABELS},
    ),
    Case(
        "plan_issue",
        "a drawn plan that was changed is a warning, another one a remark",
        {
            "plan_data": [
                MADE | {"is_randomised": True, "is_intact": False, "is_drawn": False},
                MADE | {"athlete_id": "bo", "is_randomised": False, "is_intact": False,
                        "is_drawn": False},
            ],
            "carry_over": SAME, "metric_data": LABELS,
        },
        table(
            "athlete_id severity what",
            ("me", "warning", f"{CHANGED}, and no longer as drawn by lot"),
            ("bo", "info", CHANGED),
        ),
    ),
    Case(
        "plan_issue",
        "a plan for what is no longer the main question is told",
        {"plan_data": [MADE | DRAWN], "carry_over": primary("cadence_spm", "level"),
         "metric_data": LABELS},
        table(
            "severity what",
            ("info", f"{OTHER}; its draw is not tested there"),
        ),
    ),
]  # fmt: skip
