"""Names of exercises as apps, watches and people write them: a wrong match is worse than none."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.catalogue import exercises, identify, match_name, nearest
from carryover.catalogue.exercises import aliases
from carryover.catalogue.names import MIN_SCORE, match_fuzzy

UNHURRIED = settings(deadline=None, max_examples=150)
LABELLED = list(
    csv.DictReader((Path(__file__).parent / "exercise_names.csv").read_text("utf-8").splitlines())
)
OWN_NAMES = sorted(
    [(alias, exercise_id) for alias, exercise_id in aliases().iter_rows()]
    + [
        (name, exercise_id)
        for exercise_id, name in exercises().select("exercise_id", "name").rows()
    ]
)
REAL_WORDS = {"bar hold", "hop", "ohp", "chais", "baer hold", "ebar hold"}
"""Slips that are, or look as much like, another exercise's name."""


def ended(row):
    found = identify(row["name"]).exercise_id
    if found:
        return "right" if found == row["exercise_id"] else "wrong"
    return "missed" if row["exercise_id"] else "rightly none"


@pytest.mark.parametrize("row", LABELLED, ids=[row["name"] for row in LABELLED])
def test_no_name_is_matched_wrongly(row):
    """A real name leads to its exercise or to none, never to another one."""
    assert ended(row) != "wrong"
    assert match_name(row["name"]) in {None, row["exercise_id"]}


def test_most_names_are_matched():
    """Of more than 300 labelled names nine in ten that mean an exercise find it."""
    counts = Counter(ended(row) for row in LABELLED)
    assert len(LABELLED) == len({row["name"] for row in LABELLED}) >= 300
    known = set(exercises()["exercise_id"])
    assert all(row["exercise_id"] in known for row in LABELLED if row["exercise_id"])
    assert counts["right"] >= 0.9 * (counts["right"] + counts["missed"])
    assert counts["rightly none"] >= 30


@pytest.mark.parametrize(
    ("raw", "never"),
    [
        ("Hip Adbuction (Machine)", "hip_adduction"),
        ("Hip Adduction (Cable)", "standing_hip_abduction"),
        ("Leg Pres Raise", "leg_press"),
        ("Leg Rais", "leg_press"),
        ("Bench Press Leg", "leg_press"),
        ("no squat", "squat"),
        ("squat without bar", "squat"),
        ("Kniebeuge ohne Gewicht", "squat"),
        ("hip thrust stretch", "hip_thrust"),
        ("not hip thrust", "hip_thrust"),
        ("reverse step up", "step_up"),
        ("hip", "hip_thrust"),
        ("walk", "lateral_band_walk"),
        ("band", "lateral_band_walk"),
    ],
)
def test_words_that_tell_exercises_apart_never_cross(raw, never):
    """Abduction and adduction, press and raise, a word too many or a negation: never the other."""
    assert identify(raw).exercise_id != never


@UNHURRIED
@given(st.sampled_from(OWN_NAMES), st.integers(0, 60), st.sampled_from(["drop", "swap", "twice"]))
def test_a_slip_of_the_pen_never_leads_astray(name, place, slip):
    """A letter left out, doubled or swapped gives the exercise that was meant, or none."""
    raw, exercise_id = name
    at = place % len(raw)
    head, letter, tail = raw[:at], raw[at], raw[at + 1 :]
    slipped = {
        "drop": head + tail, "swap": head + tail[:1] + letter + tail[1:],
        "twice": head + letter * 2 + tail,
    }[slip]  # fmt: skip
    if slipped.casefold() not in REAL_WORDS:
        assert identify(slipped).exercise_id in {exercise_id, None}, slipped


@UNHURRIED
@given(
    st.sampled_from([row for row in LABELLED if row["exercise_id"]]),
    st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from([" ", "  ", "-", " - "]),
)  # fmt: skip
def test_case_and_spacing_change_nothing(row, change, space):
    """A name in any case, parted by dashes or spaces, is the same name."""
    same = change(row["name"].replace(" ", space))
    assert identify(same).exercise_id == identify(row["name"]).exercise_id


def test_a_match_says_how_it_came_about():
    """A rule needs no score, likeness has one above the threshold, and the own list goes first."""
    assert identify("Hip Thrust (Barbell)") == ("hip_thrust", "name", None)
    fuzzy = identify("hipp thrust")
    assert fuzzy[:2] == ("hip_thrust", "fuzzy")
    assert MIN_SCORE <= fuzzy.score < 100
    assert identify("Hip Thrust", {"hip thrust": "squat"}) == ("squat", "override", None)
    assert identify("Hip Thrust", {"hip thrust": None}) == (None, "override", None)
    assert identify("no such thing") == identify("") == identify(None) == (None, None, None)


@UNHURRIED
@given(st.text(max_size=60))
def test_any_text_has_an_answer(raw):
    """No text breaks the matcher or the list of nearest names, which is sorted and of exercises."""
    known = {None, *exercises()["exercise_id"]}
    assert {identify(raw).exercise_id, match_fuzzy(raw).exercise_id} <= known
    near = nearest(raw)
    assert [n.score for n in near] == sorted((n.score for n in near), reverse=True)
    assert len({n.exercise_id for n in near}) == len(near) <= 3
