"""The exercise catalogue: sound rows, and names that lead to the right one."""

from __future__ import annotations

import re
from importlib.metadata import version

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carryover.catalogue import exercises, fit_name, match_fit, match_name, nearest_names
from carryover.catalogue.exercises import FIT_UNKNOWN, aliases, fit_exercises

UNHURRIED = settings(deadline=None, max_examples=40)
GLUTES = ["glute_max", "glute_med", "glute_min"]
ROWS = exercises().to_dicts()
FIT_ROWS = fit_exercises().rows()


@pytest.mark.parametrize("row", ROWS, ids=[row["exercise_id"] for row in ROWS])
def test_rows_are_sound(row):
    """Every exercise has shares of 0–1, a known pattern where it loads the glutes, a source."""
    shares = [row[name] for name in GLUTES]
    assert all(0 <= share <= 1 for share in [*shares, row["bodyweight_share"]])
    assert all(share * 20 == pytest.approx(round(share * 20)) for share in shares)
    assert (row["pattern"] in {"hip", "knee"}) == (sum(shares) > 0)
    assert row["kind_hint"] in {"strength", "activation", "hill_strides"}
    assert row["region"] in {"lower", "upper", "trunk", "whole", "none"}
    assert re.fullmatch(r"house estimate|after [A-Z][a-z]+ \d{4}", row["source"])
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row["exercise_id"])


def test_ids_are_unique():
    """An exercise stands in the catalogue once."""
    assert exercises()["exercise_id"].n_unique() == len(ROWS)
    assert exercises()["name"].n_unique() == len(ROWS)


def test_upper_body_work_is_no_glute_work():
    """The control dose rests on upper-body exercises that ask nothing of the glutes."""
    upper = exercises().filter(pl.col("region") == "upper")
    assert upper.height > 10
    assert upper.select(pl.sum_horizontal(GLUTES).max()).item() == 0


def test_every_reference_exists():
    """Aliases and FIT rows lead to exercises of the catalogue only."""
    known = set(exercises()["exercise_id"])
    assert set(aliases()["exercise_id"]) <= known
    assert set(fit_exercises()["exercise_id"].drop_nulls()) <= known


def test_fit_rows_are_the_profile():
    """Each number and name of the FIT table is the profile's, and none is left out."""
    types = pytest.importorskip("garmin_fit_sdk").Profile["types"]
    categories = types["exercise_category"]
    for category, subtype, category_name, subtype_name, _ in FIT_ROWS:
        assert categories[category] == category_name
        if subtype is not None:
            assert types[f"{category_name}_exercise_name"][subtype] == subtype_name
    if version("garmin-fit-sdk").startswith("21.218"):
        said = {
            (category, subtype)
            for category, name in categories.items()
            for subtype in types.get(f"{name}_exercise_name", {})
        }
        assert {row[:2] for row in FIT_ROWS if row[1] is not None} == said


@pytest.mark.parametrize("category", [0, 0.0, "0", "bench_press"])
def test_category_zero_is_bench_press(category):
    """Category 0 is a category like any other, never a missing one."""
    assert match_fit(category) == "bench_press"
    assert match_fit(category, 0) == "bench_press"
    assert fit_name(category) == "bench press"


@pytest.mark.parametrize("category", [None, 65534, 65535, "unknown", "65534", 999, "no_such", ""])
def test_unknown_categories_are_none(category):
    """A watch that does not know says so, and we do not guess for it."""
    assert match_fit(category) is None
    assert match_fit(category, 0) is None


@pytest.mark.parametrize(
    ("category", "subtype", "exercise_id"),
    [
        (10, 1, "hip_thrust"),
        (10, 23, "kettlebell_swing"),
        (10, 44, "clams"),
        (11, 1, "dead_bug"),
        (11, 11, "lateral_band_walk"),
        (11, 21, "side_lying_hip_abduction"),
        (8, 14, "single_leg_deadlift"),
        (8, 23, "romanian_deadlift"),
        (17, 18, "bulgarian_split_squat"),
        (17, 86, "curtsy_lunge"),
        (28, 47, "pistol_squat"),
        (28, 66, "step_up"),
        (37, 24, "lateral_band_walk"),
        (28, None, "squat"),
        (28, 65535, "squat"),
        ("hip_raise", 44.0, "clams"),
        ("lunge", "curtsy_lunge", "curtsy_lunge"),
        (11, None, None),
        (28, 9999, None),
        (37, None, None),
    ],
)
def test_exercises_are_mapped_one_by_one(category, subtype, exercise_id):
    """The exercise decides, not its category: a kettlebell swing is filed under hip raises."""
    assert match_fit(category, subtype) == exercise_id


def test_numbers_and_names_agree():
    """A watch file read with names and one read with numbers give the same exercise."""
    for category, subtype, category_name, subtype_name, exercise_id in FIT_ROWS:
        by_name = match_fit(category_name, subtype_name)
        assert match_fit(category, subtype) == by_name == exercise_id


@pytest.mark.parametrize(
    ("raw", "exercise_id"),
    [
        ("Hip Thrust (Barbell)", "hip_thrust"),
        ("Bulgarian Split Squat", "bulgarian_split_squat"),
        ("clams", "clams"),
        ("  MONSTER   walk ", "monster_walk"),
        ("Single-leg Romanian deadlift", "single_leg_deadlift"),
        ("Farmer’s Walk", "farmers_carry"),
        ("Hip Abduction (Machine)", "seated_hip_abduction"),
        ("Leg Press (Single Leg)", "single_leg_press"),
        ("Deadlift (Trap Bar)", "trap_bar_deadlift"),
        ("Seitstütz", "side_plank"),
        ("Seitstuetz", "side_plank"),
        ("fentes marchées", "walking_lunge"),
        ("Fentes marchees", "walking_lunge"),
        ("barbell_hip_thrust_with_bench", "hip_thrust"),
        ("hip", None),
        ("squat thing", None),
        ("Squat (on one leg)", None),
        ("", None),
        ("()", None),
    ],
)
def test_names_are_matched_exactly(raw, exercise_id):
    """Case, accents, signs and equipment do not matter; anything else must be a known name."""
    assert match_name(raw) == exercise_id


def test_every_own_name_matches_itself():
    """An exercise answers to its id, its name and all its aliases."""
    for row in ROWS:
        assert match_name(row["exercise_id"]) == row["exercise_id"]
        assert match_name(row["name"]) == row["exercise_id"]
    for alias, exercise_id in aliases().iter_rows():
        assert match_name(alias) == exercise_id, alias


@UNHURRIED
@given(st.sampled_from(aliases().rows()), st.sampled_from([str.upper, str.title, str.lower]))
def test_case_never_matters(alias, change):
    """A name typed in any case is the same name."""
    assert match_name(change(alias[0])) == alias[1]


@UNHURRIED
@given(st.text())
def test_any_text_is_answered(raw):
    """No text breaks the matching, and what it finds is in the catalogue."""
    assert match_name(raw) in {None, *exercises()["exercise_id"]}
    assert len(nearest_names(raw)) <= 3


@UNHURRIED
@given(
    st.one_of(st.none(), st.integers(), st.floats(), st.text()),
    st.one_of(st.none(), st.integers(), st.floats(), st.text()),
)
@example(float("inf"), float("nan"))
@example("1" * 400, 10.5)
def test_any_vendor_value_is_answered(category, subtype):
    """Whatever a decoder hands on as category and subtype, the answer is an exercise or none."""
    assert match_fit(category, subtype) in {None, *exercises()["exercise_id"]}


def test_nearest_names_help_a_slip():
    """A slip of the pen is told the name that was meant, and each exercise once."""
    assert nearest_names("hipp thrust")[0] == "Hip thrust"
    assert nearest_names("claims", n=1) == ["Clam"]
    assert len(set(nearest_names("single leg sqat"))) == len(nearest_names("single leg sqat"))


def test_unknown_numbers_are_no_categories():
    """The numbers that mean unknown are no rows of the table."""
    assert not FIT_UNKNOWN & {row[0] for row in FIT_ROWS}
