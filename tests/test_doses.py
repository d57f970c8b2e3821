"""Laws of the dose, from the sets of a log to the doses of its sessions."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carryover.catalogue import exercises
from sql_harness import known, world

UNHURRIED = settings(deadline=None, max_examples=15, derandomize=True)
CHAIN = ("gym_set", "gym_session", "session_work", "set_work", "session_part", "dose_channel",
         "strength_session", "session_amount", "exposure_channel", "session_side",
         "session_dose")  # fmt: skip
CATALOGUE = exercises().to_dicts()
SHARE = {row["exercise_id"]: row for row in CATALOGUE}
TWO_LEGS = ["hip_thrust", "squat", "deadlift", "lateral_band_walk"]
ONE_LEG = ["lunge", "single_leg_deadlift", "step_up"]
UPPER = ["push_up", "pull_up", "bench_press"]
SIDES = ["left", "right", "both"]

WEIGHT = st.integers(1, 60).map(float)
REPS = st.integers(1, 20).map(float)
PLAIN = st.tuples(st.sampled_from(TWO_LEGS + UPPER), st.just("both"), REPS, WEIGHT, st.booleans())
SIDED = st.tuples(st.sampled_from(ONE_LEG), st.sampled_from(SIDES), REPS, WEIGHT, st.booleans())
SESSION = st.lists(PLAIN | SIDED, min_size=1, max_size=6)
LOG = st.lists(SESSION, min_size=1, max_size=5)


def doses(log, *, mass_kg=60.0, minutes=None, drills=(), rpe=None):
    """Return {(session, exposure): dose} of sessions of sets, through the models themselves.

    A set is exercise, side, repetitions, weight, warm-up; `drills` are sessions of activation.
    """
    held = [*[(f"s{i}", "strength", sets) for i, sets in enumerate(log)],
            *[(f"d{i}", "activation", sets) for i, sets in enumerate(drills)]]  # fmt: skip
    visits = [
        {"visit_id": name, "session_id": name, "athlete_id": "me", "origin": "log", "content_id": 1,
         "origin_rank": 4, "kind": kind, "time_known": True, "local_date": "2026-03-01",
         "started_at": f"2026-03-01 {hour:02d}:00+00", "rpe": rpe,
         "duration_s": None if minutes is None else 60 * minutes * (hour + 1)}
        for hour, (name, kind, _) in enumerate(held)
    ]  # fmt: skip
    names = ("exercise_id", "side", "reps", "weight_kg", "is_warmup")
    sets = [
        {"session_id": name, "content_id": 1, "set_index": index}
        | dict(zip(names, one, strict=True))
        for name, _, group in held
        for index, one in enumerate(group)
    ]
    connection = models()
    person = [{"athlete_id": "me", "mass_kg": mass_kg}]
    for table, rows in (("gym_visit", visits), ("store.strength_set", sets), ("person", person)):
        connection.execute(f"delete from {table}")
        connection.executemany(
            f"insert into {table} ({', '.join(rows[0])}) values ({', '.join('?' * len(rows[0]))})",
            [list(row.values()) for row in rows],
        )
    for name in CHAIN:
        connection.execute(f"create or replace temp table {name} as {known()[0][name].sql}")
    found = connection.execute("select session_id, exposure, dose from session_dose").fetchall()
    return {(session, exposure): dose for session, exposure, dose in found}


@cache
def models():
    """Return a connection with the catalogue and what the models read, all else empty."""
    reads = frozenset().union(*(known()[0][name].reads for name in CHAIN)) - set(CHAIN)
    connection = world({"exercise_data": CATALOGUE}, reads | {"gym_visit", "person"})
    connection.execute("set threads = 1")
    return connection


def near(found):
    return pytest.approx(found, rel=1e-9, abs=1e-9)


def changed(log, change):
    return [[change(*one) for one in sets] for sets in log]


@UNHURRIED
@given(LOG, st.sampled_from([0.5, 2.0, 3.7]))
def test_a_dose_has_no_unit(log, factor):
    """All loads times a factor, the athlete's own mass among them, change no dose."""
    heavier = changed(log, lambda name, side, reps, kg, warm: (name, side, reps, factor * kg, warm))
    assert doses(heavier, mass_kg=60.0 * factor) == near(doses(log))


@UNHURRIED
@given(LOG, st.randoms(use_true_random=False))
def test_the_order_of_sets_does_not_matter(log, random):
    """Sets in any order are the same doses."""
    assert doses([random.sample(sets, len(sets)) for sets in log]) == near(doses(log))


@UNHURRIED
@given(LOG)
def test_warm_ups_dose_nothing(log):
    """Without its warm-up sets a log doses the same, save that a session of them alone is gone."""
    hard = [[one for one in sets if not one[4]] for sets in log]
    assume(all(hard))
    assert doses(hard) == near(doses(log))


@UNHURRIED
@given(LOG)
def test_the_median_session_is_one(log):
    """Of the sessions that hold any, the median dose is 1, of strength and of upper-body work."""
    found = doses(log)
    for exposure in ("strength", "upper_body"):
        some = sorted(d for (_, e), d in found.items() if e == exposure and d > 0)
        if some:
            middle = len(some) // 2
            assert (some[middle] + some[~middle]) / 2 == pytest.approx(1.0), exposure


@UNHURRIED
@given(LOG, st.sampled_from([None, 7.0]))
def test_left_and_right_are_the_one_sided_share(log, rpe):
    """The sides of a session sum to the share of its dose that is one-sided, in any channel."""
    bare = rpe is not None
    untold = changed(log, lambda name, side, _, *rest: (name, side, None, *rest))
    found = doses(untold, minutes=10, rpe=rpe) if bare else doses(log)
    for index, sets in enumerate(log):
        work = [(name, 1.0 if bare else kg_of(name, reps, kg))
                for name, _, reps, kg, warm in sets if not warm and name not in UPPER]  # fmt: skip
        whole, sided = sum(w for _, w in work), sum(w for name, w in work if name in ONE_LEG)
        session = f"s{index}"
        if whole and (session, "strength") in found:
            sides = found[session, "left"] + found[session, "right"]
            assert sides == pytest.approx(found[session, "strength"] * sided / whole)


def kg_of(name, reps, kg):
    row = SHARE[name]
    glutes = (row["glute_max"] + row["glute_med"] + row["glute_min"]) / 3
    return glutes * reps * (kg + 60.0 * row["bodyweight_share"])


@UNHURRIED
@given(LOG)
def test_a_mirrored_log_has_mirrored_sides(log):
    """With left and right exchanged the sides exchange, and their difference turns its sign."""
    turn = {"left": "right", "right": "left", "both": "both"}
    mirror = doses(changed(log, lambda name, side, *rest: (name, turn[side], *rest)))
    for (session, exposure), dose in doses(log).items():
        other = {"left": "right", "right": "left"}.get(exposure, exposure)
        sign = -1 if exposure == "left_minus_right" else 1
        assert mirror[session, other] == near(sign * dose), exposure


@UNHURRIED
@given(LOG, SESSION)
def test_channels_stay_apart(log, drills):
    """Drills add a channel and change no other; minutes and effort change no dose told by load."""
    alone, beside = doses(log), doses(log, drills=[drills], minutes=30, rpe=8.0)
    assert {key: d for key, d in beside.items() if key[0] != "d0"} == near(alone)
    assert {exposure for session, exposure in beside if session == "d0"} == {"activation"}


def test_a_heavier_athlete_s_own_weight_counts_more():
    """The same push on the same bar: the more the body weighs, the more a bodyweight set counts."""
    log = [[("single_leg_squat", "both", 8.0, None, False)],
           [("leg_press", "both", 8.0, 80.0, False)],
           [("leg_press", "both", 8.0, 80.0, False)]]  # fmt: skip
    light, heavy = doses(log, mass_kg=50.0), doses(log, mass_kg=90.0)
    assert light["s1", "strength"] == heavy["s1", "strength"] == 1.0
    assert heavy["s0", "strength"] / light["s0", "strength"] == pytest.approx(90 / 50)


def test_what_no_side_is_told_of_is_not_known():
    """A one-sided set without a side leaves both sides unknown; a session of two legs is 0."""
    found = doses([[("lunge", None, 8.0, 20.0, False)], [("squat", None, 8.0, 60.0, False)]])
    assert ("s0", "strength") in found
    assert not {("s0", name) for name in ("left", "right", "left_minus_right")} & found.keys()
    assert [found["s1", name] for name in ("left", "right", "left_minus_right")] == [0, 0, 0]
