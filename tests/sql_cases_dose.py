"""Given → expected for doses: what a session holds of each exposure, and in which channel."""

from __future__ import annotations

from sql_harness import Case, table

ME = {"athlete_id": "me"}
SIDES = "exercise_id side glute_share region unilateral reps weight_kg is_warmup"


def part(law, *sets, mass_kg=60, **expected):
    """Return a case of one visit's sets, in the columns of SIDES; a body moves half its mass."""
    given = {
        "gym_set": table(SIDES, *sets, visit_id="v", bodyweight_share=0.5),
        "gym_session": [ME | {"visit_id": "v"}],
        "person": [ME | {"mass_kg": mass_kg}],
    }
    return Case("session_part", law, given, [{"visit_id": "v"} | expected])


def amounts(law, work, *expected, parts=None, sets=()):
    """Return a case of one session's amounts: exposure, channel, amount."""
    usual = ME | {"visit_id": "v", "kind": "strength", "n_sets": 0}
    given = {
        "session_work": [usual | work],
        "session_part": [] if parts is None else [{"visit_id": "v", "unknown_sets": 0} | parts],
        "set_work": table("exercise_id reps is_warmup", *sets, visit_id="v"),
    }
    return Case("session_amount", law, given, table("exposure channel amount", *expected))


def channel(law, rows, *expected):
    """Return a case of channels: exposure, rank, channel, amount of each session."""
    given = {"session_amount": table("exposure rank channel amount", *rows, **ME)}
    return Case("exposure_channel", law, given, table("exposure channel usual", *expected))


def side(law, session, parts, *expected, by="load", usual=200):
    """Return a case of the sides of one session."""
    none = {"unknown_sets": 0, "sided_sets": 0, "untold_sets": 0}
    given = {
        "strength_session": [ME | {"session_id": "v", "kind": "strength"} | session],
        "session_part": [{"visit_id": "v"} | none | parts],
        "dose_channel": [ME | {"channel": by, "usual_load_kg": usual}],
    }
    return Case("session_side", law, given, table("left_dose right_dose", *expected))


def doses(law, sessions, expected, **given):
    """Return a case of session doses: session, kind, strength dose of each."""
    told = table("session_id kind dose", *sessions, **ME, time_known=True, local_date="2026-03-01",
                 started_at="2026-03-01 18:00+00")  # fmt: skip
    return Case("session_dose", law, {"strength_session": told, **given},
                table("session_id exposure dose", *expected))  # fmt: skip


DRILLS = {"kind": "activation", "n_sets": 2, "duration_s": 600}
SIDED = {"sided_sets": 3, "left_sets": 2, "right_sets": 1}
DAYS = table("local_date chronic_28", ("2026-03-01", 0.5), ("2026-03-02", 0.6), **ME)

CASES = [
    part(
        "a left set is the left's, one of both sides half of each, and two legs at once neither's",
        ("lunge", "left", 0.5, "lower", True, 8, 20, False),
        ("lunge", "both", 0.5, "lower", True, 8, 20, False),
        ("squat", "both", 0.4, "lower", False, 8, 60, False),
        ("squat", None, 0.4, "lower", False, 8, 60, False),
        sided_sets=2,
        untold_sets=0,
        left_sets=1.5,
        right_sets=0.5,
        left_load_kg=1.5 * 0.5 * 8 * (20 + 30),
        right_load_kg=0.5 * 0.5 * 8 * (20 + 30),
    ),
    part(
        "an exercise for two legs that is told of one side is one-sided",
        ("press", "right", 0.2, "lower", False, 8, 20, False),
        left_load_kg=None,
        right_load_kg=0.2 * 8 * 50,
        left_sets=0,
    ),
    part(
        "a one-sided exercise without a side is work of a side that is not told",
        ("lunge", None, 0.5, "lower", True, 8, 20, False),
        sided_sets=0,
        untold_sets=1,
        left_load_kg=None,
        right_load_kg=None,
    ),
    part(
        "upper-body work is what loads no glute there; trunk and legs are none, nor do they side",
        ("bench", "left", 0, "upper", False, 8, 20, False),
        ("plank", None, 0, "trunk", False, 8, None, False),
        ("calf", "left", 0, "lower", False, 8, None, False),
        upper_sets=1,
        upper_load_kg=8 * 50,
        sided_sets=0,
        untold_sets=0,
    ),
    part(
        "warm-up sets count nowhere; an unknown exercise is told, one to be ignored is none",
        ("lunge", "left", 0.5, "lower", True, 8, 20, True),
        ("bench", None, 0, "upper", False, 8, 20, True),
        (None, None, None, None, None, 8, 20, None),
        upper_sets=0,
        sided_sets=0,
        untold_sets=0,
        unknown_sets=1,
    ),
    amounts(
        "drills tell of load, minutes and themselves",
        DRILLS | {"glute_sets": 2, "glute_load_kg": 90},
        ("activation", "load", 90),
        ("activation", "minutes", 10),
        ("activation", "sessions", 1),
        parts={"upper_sets": 0},
    ),
    amounts(
        "drills without a set for the glutes hold none, in every channel",
        DRILLS | {"glute_sets": 0},
        ("activation", "load", 0),
        ("activation", "minutes", 0),
        ("activation", "sessions", 0),
        parts={"upper_sets": 0},
    ),
    amounts(
        "drills without sets and minutes are known to have been, no more",
        {"kind": "activation"},
        ("activation", "load", None),
        ("activation", "minutes", None),
        ("activation", "sessions", 1),
    ),
    amounts(
        "strides are counted, a set of four as four, warm-ups not; they are no strength work",
        {"kind": "hill_strides", "n_sets": 3},
        ("hill_strides", "strides", 6),
        ("hill_strides", "sessions", 1),
        sets=[("hill_strides", 4, None), ("hill_strides", None, None), ("hill_strides", 1, False),
              ("hill_strides", 9, True), ("lunge", 8, False)],
    ),
    amounts(
        "strides within a gym session count beside its upper-body work",
        {"n_sets": 5, "glute_sets": 3, "glute_load_kg": 90},
        ("hill_strides", "strides", 6),
        ("hill_strides", "sessions", 1),
        ("upper_body", "load", 700),
        ("upper_body", "sets", 2),
        parts={"upper_sets": 2, "upper_load_kg": 700},
        sets=[("hill_strides", 6, None)],
    ),
    amounts(
        "a gym session whose sets are all known holds no upper-body work where none of them is",
        {"n_sets": 3, "glute_sets": 3},
        ("upper_body", "load", 0),
        ("upper_body", "sets", 0),
        parts={"upper_sets": 0},
    ),
    amounts(
        "an exercise that nobody knows leaves upper-body work unknown",
        {"n_sets": 3, "glute_sets": 2},
        ("upper_body", "load", None),
        ("upper_body", "sets", None),
        parts={"upper_sets": 0, "unknown_sets": 1},
    ),
    amounts("a gym session without sets tells nothing of upper-body work", {"n_sets": 0}),
    channel(
        "the first channel that four in five sessions tell; those that hold none are not asked",
        [
            *[("activation", 1, "load", v) for v in (10, 20, 60, 80, None, 0, 0)],
            *[("activation", 2, "minutes", v) for v in (5, 5, 5, 5, 5, 0, 0)],
        ],
        ("activation", "load", 40),
    ),
    channel(
        "the next where it is told more rarely, each exposure for itself",
        [
            *[("activation", 1, "load", v) for v in (10, 20, 60, None, None)],
            *[("activation", 2, "minutes", v) for v in (5, 5, 10, 10, 20)],
            ("upper_body", 1, "load", 500),
            ("upper_body", 2, "sets", 3),
        ],
        ("activation", "minutes", 10),
        ("upper_body", "load", 500),
    ),
    channel(
        "the last where none is told enough; what nobody does has no channel",
        [
            *[("upper_body", 1, "load", v) for v in (None, None)],
            *[("upper_body", 2, "sets", v) for v in (3, None)],
            ("activation", 1, "load", 0),
        ],
        ("upper_body", "sets", 3),
    ),
    side(
        "sides are told in the unit of the athlete's usual strength session",
        {"dose": 2, "glute_sets": 6},
        SIDED | {"left_load_kg": 200, "right_load_kg": 50},
        (1, 0.25),
    ),
    side(
        "where load is not the channel the dose is shared out by working sets",
        {"dose": 1.5, "glute_sets": 6},
        SIDED | {"left_load_kg": 200, "right_load_kg": 50},
        (0.5, 0.25),
        by="rpe_minutes",
    ),
    side(
        "a side with no set is 0; one whose load is not known is not known",
        {"dose": 1, "glute_sets": 6},
        {"sided_sets": 2, "left_sets": 2, "right_sets": 0, "left_load_kg": None},
        (None, 0),
    ),
    side(
        "two legs at once, or nothing for the glutes, is work of no side",
        {"dose": 0, "glute_sets": 0},
        {},
        (0, 0),
    ),
    side("untold sides are not known", {"dose": 1, "glute_sets": 6}, {"untold_sets": 1}),
    side("nor are exercises that nobody knows", {"dose": 1, "glute_sets": 6}, {"unknown_sets": 1}),
    side(
        "a session that tells some of its sides counts with those",
        {"dose": 1, "glute_sets": 6},
        {"sided_sets": 1, "untold_sets": 2, "left_sets": 1, "right_sets": 0, "left_load_kg": 40},
        (0.2, 0),
    ),
    side("drills and strides are no side's", {"kind": "activation"}, {"sided_sets": 1}),
    doses(
        "each exposure in its own unit; a session whose dose is not known has no row",
        [("s", "strength", 1.5), ("u", "strength", None), ("z", "strength", 0),
         ("d", "activation", None)],
        [("s", "strength", 1.5), ("z", "strength", 0), ("d", "activation", 0.5),
         ("s", "upper_body", 2), ("z", "upper_body", 0),
         ("s", "left", 0.5), ("s", "right", 0.2), ("s", "left_minus_right", 0.3),
         ("u", "right", 0)],
        session_amount=table(
            "visit_id exposure rank channel amount",
            ("d", "activation", 1, "load", None),
            ("d", "activation", 2, "minutes", 5),
            ("s", "upper_body", 1, "load", 600),
            ("z", "upper_body", 1, "load", 0),
            ("u", "upper_body", 1, "load", None),
            **ME,
        ),
        exposure_channel=table(
            "exposure channel usual", ("activation", "minutes", 10), ("upper_body", "load", 300),
            **ME,
        ),
        session_side=table(
            "session_id left_dose right_dose", ("s", 0.5, 0.2), ("u", None, 0)
        ),
    ),
    doses(
        "of an exposure that nobody does, only its absence is known",
        [("s", "strength", 1)],
        [("s", "strength", 1), ("s", "upper_body", 0)],
        session_amount=table(
            "visit_id exposure rank channel amount",
            ("s", "upper_body", 1, "load", 0),
            ("s", "upper_body", 2, "sets", 0),
            **ME,
        ),
    ),
    Case(
        "dose_day",
        "each exposure has its day's sum: 0 without a session, null where one does not tell",
        {
            "dose_estimate": DAYS,
            "strength_session": table(
                "session_id kind dose duration_s",
                ("s", "strength", 1.0, 2400),
                ("u", "strength", None, 2400),
                ("d", "activation", None, None),
                ("h", "hill_strides", None, 300),
                **ME,
                local_date="2026-03-01",
            ),
            "session_dose": table(
                "session_id exposure dose",
                ("s", "strength", 1),
                ("s", "left", 0.4),
                ("u", "left", 0.2),
                ("s", "right", 0.1),
                ("s", "upper_body", 0),
                ("u", "upper_body", 2),
                ("d", "activation", 1.5),
                ("h", "hill_strides", 0.5),
            ),
        },
        table(
            "local_date dose activation_dose stride_dose upper_body_dose left_dose right_dose "
            "activation_s",
            ("2026-03-01", None, 1.5, 0.5, 2, 0.6, None, None),
            ("2026-03-02", 0, 0, 0, 0, 0, 0, 0),
        ),
    ),
]  # fmt: skip
