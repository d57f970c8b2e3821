"""Given → expected for gym sessions: which are one visit, and how much work each holds."""

from __future__ import annotations

from sql_harness import Case, table

LIFT = {"exercise_id": "lift", "glute_max": 0.6, "glute_med": 0.6, "glute_min": 0.6,
        "bodyweight_share": 0.0}  # fmt: skip
BRIDGE = {"exercise_id": "bridge", "glute_max": 0.3, "glute_med": 0.3, "glute_min": 0.3,
          "bodyweight_share": 0.5}  # fmt: skip
PRESS = {"exercise_id": "press", "glute_max": 0.0, "glute_med": 0.0, "glute_min": 0.0,
         "bodyweight_share": 0.0}  # fmt: skip
PLACED = table("content_id status place sha256", (1, "loaded", "a", "x"), (2, "loaded", "b", "y"))


def told(*rows):
    """Return sessions: id, origin, start hour, minutes; no hour is a log without a time."""
    return [
        {
            "session_id": name, "origin": origin, "athlete_id": "me", "content_id": 1,
            "local_date": "2026-03-01", "kind": "strength", "time_known": hour is not None,
            "started_at": f"2026-03-01 {int(hour or 12):02d}:{round((hour or 12) % 1 * 60):02d}+00",
            "duration_s": minutes * 60,
        }
        for name, origin, hour, minutes in rows
    ]  # fmt: skip


def visits(law, *rows, **expected):
    pairs = [{"session_id": s, "visit_id": v} for s, v in expected.items()]
    given = {"store.strength_session": told(*rows), "placed_content": PLACED}
    return Case("gym_visit", law, given, pairs)


def channel(law, rows, expected):
    """Return a case of dose channels: sets, glute sets, load, RPE minutes of each session."""
    names = "n_sets glute_sets glute_load_kg rpe_minutes"
    given = table(names, *rows, athlete_id="me", kind="strength")
    return Case("dose_channel", law, {"gym_session": given},
                table("channel usual_load_kg usual_rpe_minutes", expected))  # fmt: skip


def sets(*rows):
    return table("exercise_id reps duration_s weight_kg is_warmup", *rows,
                 visit_id="v", session_id="s")  # fmt: skip


VISIT = [{"visit_id": "v", "session_id": "s", "athlete_id": "me", "kind": "strength",
          "duration_s": 2400, "time_known": True}]  # fmt: skip


def session(law, gym_sets, expected, person=(), visit=VISIT):
    shares = {e["exercise_id"]: e for e in (LIFT, BRIDGE, PRESS)}
    for row in gym_sets:
        known = shares.get(row["exercise_id"])
        if known:
            row |= {"glute_share": known["glute_max"], "bodyweight_share":
                    known["bodyweight_share"]}  # fmt: skip
    given = {"gym_visit": visit, "gym_set": gym_sets, "person": list(person)}
    return Case("gym_session", law, given, [expected])


def dosed(law, row, channel_row, dose, gym_sets=()):
    usual = {"visit_id": "v", "athlete_id": "me", "kind": "strength", "n_sets": 0}
    given = {"session_work": [usual | row], "dose_channel": [{"athlete_id": "me"} | channel_row],
             "set_work": list(gym_sets)}  # fmt: skip
    return Case("strength_session", law, given, [{"session_id": "v", "dose": dose}])


CASES = [
    visits(
        "a watch and the log of one visit are one, under the watch's key",
        ("w", "fit", 18, 40),
        ("l", "log", 18.5, 40),
        w="w",
        l="w",
    ),
    visits(
        "a log 90 minutes off is the same visit, later is another",
        ("w", "fit", 18, 40),
        ("l", "log", 19.5, 40),
        ("m", "log", 10, 40),
        w="w",
        l="w",
        m="m",
    ),
    visits(
        "two sessions of one source stay two",
        ("l", "log", 18, 40),
        ("m", "log", 18.5, 40),
        ("v", "fit", 8, 40),
        ("w", "fit", 9, 40),
        l="l",
        m="m",
        v="v",
        w="w",
    ),
    visits(
        "the nearer log is the watch's, the other is a visit of its own",
        ("w", "fit", 18, 40),
        ("l", "log", 18.2, 40),
        ("m", "log", 19, 40),
        w="w",
        l="w",
        m="m",
    ),
    visits(
        "a log without a time joins the day's watch",
        ("w", "fit", 18, 40),
        ("l", "log", None, 40),
        w="w",
        l="w",
    ),
    visits(
        "of two watch sessions a log without a time joins the first",
        ("a", "fit", 18, 40),
        ("b", "fit", 7, 40),
        ("l", "log", None, 40),
        a="a",
        b="b",
        l="b",
    ),
    visits(
        "a copy of a watch's session overlaps it and is the same visit, also with a log",
        ("w", "fit", 18, 40),
        ("copy", "fit", 18.02, 38),
        ("l", "log", 18.5, 40),
        w="w",
        copy="w",
        l="w",
    ),
    Case(
        "gym_visit",
        "sessions of different kinds, days or athletes never merge",
        {
            "store.strength_session": [
                *told(("w", "fit", 18, 40)),
                told(("k", "log", 18, 40))[0] | {"kind": "activation"},
                told(("d", "log", 18, 40))[0] | {"local_date": "2026-03-02"},
                told(("p", "log", 18, 40))[0] | {"athlete_id": "you"},
            ],
            "placed_content": PLACED,
        },
        table("session_id visit_id", ("w", "w"), ("k", "k"), ("d", "d"), ("p", "p")),
    ),
    Case(
        "gym_visit",
        "of two files with one session the one with more sets stands",
        {
            "store.strength_session": [
                told(("l", "log", 18, 40))[0] | {"content_id": 1},
                told(("l", "log", 18, 40))[0] | {"content_id": 2},
            ],
            "store.strength_set": table("content_id", (1,), (1,), (2,), session_id="l"),
            "placed_content": PLACED,
        },
        table("visit_id content_id", ("l", 1)),
    ),
    Case(
        "gym_set",
        "sets come from the source that names most exercises, and are never counted twice",
        {
            "gym_visit": table("session_id content_id", ("w", 1), ("l", 2), visit_id="w"),
            "store.strength_set": table(
                "session_id content_id set_index exercise_id",
                ("w", 1, 0, None),
                ("w", 1, 1, None),
                ("l", 2, 0, "lift"),
                ("l", 2, 1, "odd"),
            ),
            "exercise_data": [LIFT],
        },
        table("visit_id session_id set_index glute_share", ("w", "l", 0, 0.6), ("w", "l", 1, None)),
    ),
    session(
        "load is repetitions × (weight + body's share) × glute share over working sets",
        sets(
            ("lift", 8, None, 60, False),
            ("lift", 8, None, 20, True),
            ("bridge", 10, None, None, False),
            ("press", 8, None, 40, False),
        ),
        {
            "n_sets": 4,
            "glute_sets": 2,
            "tonnage_kg": 8 * 60 + 8 * 20,
            "glute_load_kg": 0.6 * 8 * 60 + 0.3 * 10 * 0.5 * 60,
        },
        person=[{"athlete_id": "me", "mass_kg": 60}],
    ),
    session(
        "a hold counts a repetition every 4 s; without a mass told it is 70 kg",
        sets(("bridge", None, 40, None, False)),
        {"glute_load_kg": 0.3 * 10 * 0.5 * 70},
    ),
    session(
        "upper-body work is no glute load, and nothing known is null",
        sets(("press", 8, None, 40, False)),
        {"glute_sets": 0, "glute_load_kg": None},
    ),
    session(
        "a session without sets has no load, but minutes × RPE",
        [],
        {"n_sets": 0, "glute_sets": None, "glute_load_kg": None, "rpe_minutes": 280},
        visit=[VISIT[0] | {"rpe": 7}],
    ),
    session(
        "merged sources give the known time, the longest duration, the highest effort",
        [],
        {
            "n_sources": 2,
            "time_known": True,
            "started_at": "2026-03-01 18:00:00+00:00",
            "duration_s": 2400,
            "rpe": 8,
            "note": "own words",
        },
        visit=[
            VISIT[0] | {"started_at": "2026-03-01 18:00+00"},
            VISIT[0]
            | {
                "started_at": "2026-03-01 12:00+00",
                "time_known": False,
                "rpe": 8,
                "duration_s": None,
                "note": "own words",
            },
        ],
    ),
    channel(
        "load where four in five sessions know it",
        [(3, 3, 100, 200)] * 2 + [(3, 3, 300, 100)] * 2 + [(3, 3, None, 50)],
        ("load", 200, 100),
    ),
    channel(
        "RPE minutes where load is missing more often",
        [(3, 3, 100, 200)] * 3 + [(0, None, None, 100)] * 2,
        ("rpe_minutes", 100, 200),
    ),
    channel(
        "sessions count where neither is known",
        [(0, None, None, None)] * 3 + [(3, 3, 100, None)],
        ("sessions", 100, None),
    ),
    channel(
        "a session with sets but none for the glutes is not asked",
        [(3, 3, 100, None)] * 2 + [(5, 0, None, 99)] * 5,
        ("load", 100, None),
    ),
    dosed(
        "a dose is the load over the athlete's usual load",
        {"glute_load_kg": 300},
        {"channel": "load", "usual_load_kg": 200},
        1.5,
    ),
    dosed(
        "in the channel of RPE minutes load plays no part",
        {"glute_load_kg": 300, "rpe_minutes": 100},
        {"channel": "rpe_minutes", "usual_load_kg": 200, "usual_rpe_minutes": 200},
        0.5,
    ),
    dosed(
        "in the channel of sessions each counts 1",
        {"glute_load_kg": 300},
        {"channel": "sessions", "usual_load_kg": 200},
        1,
    ),
    dosed(
        "a session whose load is not known has no dose, not that of another channel",
        {"rpe_minutes": 100},
        {"channel": "load", "usual_load_kg": 200, "usual_rpe_minutes": 100},
        None,
    ),
    dosed(
        "an upper-body session doses 0",
        {"n_sets": 3, "glute_sets": 0},
        {"channel": "load", "usual_load_kg": 200},
        0,
        [{"visit_id": "v", "exercise_id": "press"}],
    ),
    dosed(
        "an exercise that nobody knows leaves the dose unknown",
        {"n_sets": 3, "glute_sets": 0},
        {"channel": "load", "usual_load_kg": 200},
        None,
        [{"visit_id": "v", "exercise_id": None}],
    ),
    dosed(
        "activation is no dose",
        {"kind": "activation", "glute_load_kg": 300},
        {"channel": "load", "usual_load_kg": 200},
        None,
    ),
    Case(
        "strength_set",
        "sets are published under their visit",
        {
            "set_work": [
                {"visit_id": "v", "session_id": "l", "set_index": 0, "reps": 8, "weight_kg": None}
            ]
        },
        table("session_id set_index reps weight_kg", ("v", 0, 8, None)),
    ),
    Case(
        "dose_day",
        "a day sums strength sessions; drills have minutes of their own and no dose",
        {
            "dose_estimate": table(
                "local_date chronic_28", ("2026-03-01", 0.5), ("2026-03-02", 0.6), athlete_id="me"
            ),
            "strength_session": table(
                "kind dose duration_s glute_sets tonnage_kg",
                ("strength", 1.0, 2400, 6, 900),
                ("strength", 0.5, 1200, 3, 400),
                ("activation", None, 600, 4, 50),
                ("hill_strides", None, 300, None, None),
                athlete_id="me",
                local_date="2026-03-01",
            ),
        },
        table(
            "local_date dose activation_s hard_sets tonnage_kg chronic_28",
            ("2026-03-01", 1.5, 600, 9, 1300, 0.5),
            ("2026-03-02", 0, 0, 0, 0, 0.6),
        ),
    ),
]
