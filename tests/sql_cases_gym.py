"""Given → expected for gym sessions: which are one visit, and how much work each holds."""

from __future__ import annotations

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.matching import Tolerance, gym_group
from sql_harness import Case, table

LIFT = {"exercise_id": "lift", "glute_max": 0.6, "glute_med": 0.6, "glute_min": 0.6,
        "bodyweight_share": 0.0}  # fmt: skip
BRIDGE = {"exercise_id": "bridge", "glute_max": 0.3, "glute_med": 0.3, "glute_min": 0.3,
          "bodyweight_share": 0.5}  # fmt: skip
PRESS = {"exercise_id": "press", "glute_max": 0.0, "glute_med": 0.0, "glute_min": 0.0,
         "bodyweight_share": 0.0}  # fmt: skip
PLACED = table("content_id status place sha256", (1, "loaded", "a", "x"), (2, "loaded", "b", "y"))


RANKS = {"fit": 1, "hevy": 2, "strong": 3, "log": 4, "strava": 5}


def told(*rows, kind="strength"):
    """Return sessions: id, origin, start hour, minutes; no hour is a log without a time."""
    return [
        {
            "session_id": name, "origin": origin, "athlete_id": "me", "content_id": 1,
            "local_date": "2026-03-01", "kind": kind, "time_known": hour is not None,
            "started_at": f"2026-03-01 {int(hour or 12):02d}:{round((hour or 12) % 1 * 60):02d}+00",
            "duration_s": minutes * 60 if minutes else None,
        }
        for name, origin, hour, minutes in rows
    ]  # fmt: skip


def source(row):
    """Return a session as gym_source hands it on."""
    clock = row["started_at"][11:16].split(":")
    from_s = int(row["local_date"][8:]) * 86400 + int(clock[0]) * 3600 + int(clock[1]) * 60
    return {"recording_id": row["session_id"]} | row | {
        "origin_rank": RANKS[row["origin"]], "from_s": from_s,
        "to_s": from_s + (row["duration_s"] or 0),
    }  # fmt: skip


def visits(law, *rows, others=(), **expected):
    """Return a case of visits: sessions as in `told`, `others` whole, and each one's visit."""
    pairs = [{"session_id": s, "visit_id": v} for s, v in expected.items()]
    sources = [source(row) for row in [*told(*rows), *others]]
    given = {"gym_source": sources, "gym_group": grouped(sources)}
    return Case("gym_visit", law, given, pairs)


def grouped(sources):
    """Return the visits of sessions as `source` writes them."""
    schema = {"session_id": pl.String, "recording_id": pl.String, "athlete_id": pl.String,
              "origin_rank": pl.Int32, "time_known": pl.Boolean, "local_date": pl.String,
              "kind": pl.String, "from_s": pl.Float64, "to_s": pl.Float64}  # fmt: skip
    held = [{name: row.get(name) for name in schema} for row in sources]
    frame = pl.DataFrame(held, schema=schema).with_columns(pl.col("local_date").str.to_date())
    tolerance = Tolerance(threshold("gym_match_s"), threshold("gym_same_share"))
    return gym_group(frame, tolerance).to_dicts()


def recordings(law, *rows, **expected):
    pairs = [{"session_id": s, "recording_id": v} for s, v in expected.items()]
    given = {"store.strength_session": told(*rows), "placed_content": PLACED}
    return Case("gym_source", law, given, pairs)


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
    recordings(
        "a copy of a watch's session overlaps it and is the same recording, an app's is not",
        ("w", "fit", 18, 40),
        ("copy", "fit", 18.02, 38),
        ("next", "fit", 18.6, 40),
        ("a", "hevy", 18, 40),
        ("b", "hevy", 18, 40),
        w="w",
        copy="w",
        next="next",
        a="a",
        b="b",
    ),
    visits(
        "copies of one recording go to its visit",
        ("w", "fit", 18, 40),
        ("l", "log", 18.5, 40),
        others=[told(("copy", "fit", 18.02, 38))[0] | {"recording_id": "w"}],
        w="w",
        copy="w",
        l="w",
    ),
    visits(
        "watch, app, own log and Strava of one visit are one, under the watch's key",
        ("s", "strava", 18.02, 41),
        ("l", "log", 18.5, None),
        ("h", "hevy", 17.95, 45),
        ("w", "fit", 18, 40),
        s="w",
        l="w",
        h="w",
        w="w",
    ),
    visits(
        "without a watch the app's key is the visit's, then the log's, then Strava's",
        ("h", "strong", 7, 40),
        ("l", "log", 7, 40),
        ("t", "strava", 7, 40),
        ("m", "log", 18, 40),
        ("u", "strava", 18, 40),
        ("v", "strava", 12, 40),
        h="h",
        l="h",
        t="h",
        m="m",
        u="m",
        v="v",
    ),
    visits(
        "two exports of different apps tell of one visit",
        ("h", "hevy", 18, 40),
        ("s", "strong", 18.1, 40),
        h="h",
        s="h",
    ),
    visits(
        "spans that overlap are one visit, however far their starts are apart",
        ("w", "fit", 17, 150),
        ("h", "hevy", 19, 30),
        w="w",
        h="w",
    ),
    visits(
        "two sessions of an app stay two, each with the watch's that is nearest",
        ("v", "fit", 18, 30),
        ("w", "fit", 19, 30),
        ("g", "hevy", 18.4, 30),
        ("h", "hevy", 18.9, 30),
        v="v",
        w="w",
        g="v",
        h="w",
    ),
    visits(
        "what loses the nearest visit has the next one, if that is near enough",
        ("v", "fit", 18, 30),
        ("w", "fit", 19.25, 30),
        ("g", "hevy", 18.25, 20),
        ("h", "hevy", 18.5, 20),
        v="v",
        w="w",
        g="v",
        h="w",
    ),
    visits(
        "a visit never holds two sessions of one source, whatever links them",
        ("w", "fit", 18, 30),
        ("h", "hevy", 18.7, 30),
        ("l", "log", 19, 30),
        ("m", "log", 17.5, 20),
        w="w",
        h="w",
        l="l",
        m="w",
    ),
    visits(
        "a log with a time comes before one without, which takes the visit that is left",
        ("v", "fit", 7, 30),
        ("w", "fit", 18, 30),
        ("l", "log", 7.1, 30),
        ("d", "log", None, 30),
        v="v",
        w="w",
        l="v",
        d="w",
    ),
    visits(
        "a log without a time joins the day's Strava, under its own key, and no other day's",
        ("h", "strava", 18, 30),
        ("d", "log", None, 30),
        others=[told(("e", "log", None, 30))[0] | {"local_date": "2026-03-02"}],
        h="d",
        d="d",
        e="e",
    ),
    visits(
        "drills that an app names are the session that a watch saw at that time",
        ("w", "fit", 18, 14),
        others=told(("h", "hevy", 18.02, 12), kind="activation"),
        w="w",
        h="w",
    ),
    visits(
        "drills before a session, or within a long one, are a visit of their own",
        ("w", "fit", 18.25, 50),
        ("x", "fit", 8, 60),
        others=told(
            ("h", "hevy", 18, 12),
            ("l", "log", 18, None),
            ("k", "log", 8.5, 12),
            kind="activation",
        ),
        w="w",
        x="x",
        h="h",
        l="h",
        k="k",
    ),
    visits(
        "of two kinds at one time the session takes its own kind",
        ("w", "fit", 18, 40),
        ("l", "log", 18.1, 40),
        others=told(("k", "log", 18, 40), kind="activation"),
        w="w",
        l="w",
        k="k",
    ),
    visits(
        "sessions of different days or athletes never merge",
        ("w", "fit", 18, 40),
        others=[
            told(("d", "log", 18, 40))[0] | {"local_date": "2026-03-02"},
            told(("p", "log", 18, 40))[0] | {"athlete_id": "you"},
        ],
        w="w",
        d="d",
        p="p",
    ),
    Case(
        "gym_source",
        "of two files with one session the one with more sets stands",
        {
            "store.strength_session": [
                told(("l", "log", 18, 40))[0] | {"content_id": 1},
                told(("l", "log", 18, 40))[0] | {"content_id": 2},
            ],
            "store.strength_set": table("content_id", (1,), (1,), (2,), session_id="l"),
            "placed_content": PLACED,
        },
        table("session_id content_id origin_rank", ("l", 1, 4)),
    ),
    Case(
        "gym_set",
        "an app's fewer sets with weights stand before a watch's guesses",
        {
            "gym_visit": table(
                "session_id content_id origin", ("w", 1, "fit"), ("h", 2, "hevy"), visit_id="w"
            ),
            "store.strength_set": table(
                "session_id content_id set_index exercise_id weight_kg reps",
                ("w", 1, 0, "odd", None, None),
                ("w", 1, 1, "odd", None, 9),
                ("w", 1, 2, "odd", None, None),
                ("h", 2, 0, "lift", 60, 8),
                ("h", 2, 1, "lift", 60, 8),
            ),
        },
        table("visit_id session_id set_index weight_kg", ("w", "h", 0, 60), ("w", "h", 1, 60)),
    ),
    Case(
        "gym_set",
        "of sources that know as much, the app's sets stand before the log's and the watch's",
        {
            "gym_visit": table(
                "session_id content_id origin",
                ("a", 1, "fit"),
                ("b", 2, "log"),
                ("c", 3, "hevy"),
                visit_id="a",
            ),
            "store.strength_set": table(
                "session_id content_id", ("a", 1), ("b", 2), ("c", 3), set_index=0, weight_kg=40
            ),
        },
        table("visit_id session_id matched_by", ("a", "c", None)),
    ),
    Case(
        "gym_set",
        "sets come from the source that tells most, and are never counted twice",
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
    session(
        "the kind is that of the source whose sets stand, not what a watch without sets says",
        [{"visit_id": "v", "session_id": "app", "exercise_id": "bridge", "reps": 10}],
        {"kind": "activation", "n_sources": 2},
        visit=[
            VISIT[0] | {"origin": "fit", "origin_rank": 1},
            VISIT[0]
            | {"session_id": "app", "origin": "hevy", "origin_rank": 2, "kind": "activation"},
        ],
    ),
    session(
        "without sets the kind is the one that the athlete wrote, else the first source's",
        [],
        {"kind": "activation"},
        visit=[
            VISIT[0] | {"origin": "fit", "origin_rank": 1},
            VISIT[0] | {"session_id": "l", "origin": "log", "origin_rank": 4, "kind": "activation"},
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
        "an exercise that the athlete wants ignored leaves the dose known",
        {"n_sets": 3, "glute_sets": 0},
        {"channel": "load", "usual_load_kg": 200},
        0,
        [{"visit_id": "v", "exercise_id": None, "matched_by": "override"}],
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
                {
                    "visit_id": "v",
                    "session_id": "l",
                    "set_index": 0,
                    "reps": 8,
                    "weight_kg": None,
                    "matched_by": "fuzzy",
                }
            ]
        },
        table("session_id set_index reps weight_kg matched_by", ("v", 0, 8, None, "fuzzy")),
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
