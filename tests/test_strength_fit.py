"""A watch's gym session: guesses, zeros and silence are taken for what they are."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import fitparse
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import columns
from carryover.normalise.strength import from_fit_sets
from carryover.normalise.strength_frames import bundle, issue
from carryover.settings import Athlete

UNHURRIED = settings(deadline=None, max_examples=40)
CORPUS = Path(
    os.environ.get("CARRYOVER_CORPUS", Path(__file__).parents[1] / ".." / "shared" / "corpus")
)
START = dt.datetime(2024, 6, 5, 16, 30, tzinfo=dt.UTC)
END = START + dt.timedelta(minutes=45)
ACTIVE = {"set_type": "active", "repetitions": 10, "weight": None, "duration": 40.0}


def at(minutes: float) -> dict:
    return {"start_time": START + dt.timedelta(minutes=minutes)}


def session(sets: list[dict], titles: list[dict] | None = None, **told):
    """Return a visit as frames, sets and titles given as rows of a decoded message."""
    rows = pl.DataFrame(sets, infer_schema_length=None).to_dicts() if sets else []
    known = {
        "started_at": START, "ended_at": END, "local_date": dt.date(2024, 6, 5),
        "duration_s": 2700.0, "athlete": Athlete(id="anna"), "sha256": "sha",
        "titles": titles or [],
    }  # fmt: skip
    visit = from_fit_sets(rows, **(known | told))
    issues = [issue("sha", visit.subject, problem) for problem in visit.problems]
    return bundle([visit.session], visit.sets, issues)


GUESSES = [
    ([10, None, None], [44, None, None], "clams", "hip raise: clams"),
    (
        [10.0, 28.0],
        [23.0, 66.0],
        "kettlebell_swing",
        "hip raise: kettlebell swing / squat: step up",
    ),
    ([0, 24, 65534], [None, None, None], "bench_press", "bench press / shoulder press / unknown"),
    ([65534, 7, 0], [None, None, None], None, "unknown / curl / bench press"),
    ([65535, 65535], [65535, 65535], None, None),
    ([None, None, None], [None, None, None], None, None),
    (["hip_raise"], ["44"], "clams", "hip raise: clams"),
    (["65534", "10"], ["0", "1"], None, "unknown / hip raise: barbell hip thrust with bench"),
    ("hip_raise", 44, "clams", "hip raise: clams"),
    (17, 18, "bulgarian_split_squat", "lunge: dumbbell bulgarian split squat"),
    (0, None, "bench_press", "bench press"),
    (28, None, "squat", "squat"),
    ([28, 10], None, "squat", "squat / hip raise"),
    ([28], [9999], None, "squat: 9999"),
    ([999], [1], None, "category 999"),
    (None, None, None, None),
]


@pytest.mark.parametrize(("category", "subtype", "exercise_id", "raw"), GUESSES)
def test_the_best_guess_decides(category, subtype, exercise_id, raw):
    """The first guess is the exercise, also where it is category 0 or says unknown."""
    told = {"category": category, "category_subtype": subtype}
    frames = session([ACTIVE | at(1) | told])
    assert frames.sets.select("exercise_id", "exercise_raw").rows() == [(exercise_id, raw)]


def test_rests_are_no_sets():
    """Only work counts, however the watch writes that a set is a rest."""
    kinds = ["active", "rest", "active", "rest"]
    named = [ACTIVE | at(i) | {"set_type": kind} for i, kind in enumerate(kinds)]
    numbered = [row | {"set_type": int(row["set_type"] == "active")} for row in named]
    assert session(named).sets["set_index"].to_list() == [0, 1]
    assert session(numbered).sets.equals(session(named).sets)


def test_zeros_that_mean_nothing_are_null():
    """A weight of 0 or no repetitions is what a watch writes for 'not entered'."""
    rows = [ACTIVE | at(1) | {"weight": 0.0, "repetitions": 0}, ACTIVE | at(2) | {"weight": 12.5}]
    frames = session(rows)
    assert frames.sets["weight_kg"].to_list() == [None, 12.5]
    assert frames.sets["reps"].to_list() == [None, 10.0]
    assert frames.sets["side"].null_count() == frames.sets["is_warmup"].null_count() == 2


def test_a_session_without_sets_is_still_a_session():
    """Where a watch records only the time, the person is asked for the effort."""
    frames = session([])
    assert frames.sessions["duration_s"].to_list() == [2700.0]
    assert frames.sessions["rpe"].to_list() == [None]
    assert frames.sets.is_empty()
    assert frames.issues["severity"].to_list() == ["info"]
    assert "rpe and duration_min" in frames.issues["remedy"][0]


@pytest.mark.parametrize(("told", "rpe"), [(7.0, 7.0), (0.0, None), (None, None)])
def test_an_effort_told_to_the_watch_is_kept(told, rpe):
    """An effort that the watch knows is not asked for again; 0 means that none was told."""
    frames = session([], rpe=told)
    assert frames.sessions["rpe"].to_list() == [rpe]
    assert frames.issues.height == (rpe is None)


def test_all_frames_have_their_shape():
    """What leaves is exactly the vocabulary, with sets and without."""
    for frames in (session([]), session([ACTIVE | at(1) | {"category": [28]}])):
        assert frames.sessions.schema == columns.STRENGTH_SESSION
        assert frames.sets.schema == columns.STRENGTH_SET
        assert frames.issues.schema == columns.ISSUE


@UNHURRIED
@given(st.permutations(range(4)), st.sampled_from(["sha", "another"]))
def test_rows_do_not_hang_on_the_order_of_messages(order, sha256):
    """Sets stand in the order of their time, and a copy of the file has the same keys."""
    rows = [ACTIVE | at(i) | {"category": [c]} for i, c in enumerate([28, 17, 8, 0])]
    frames = session([rows[i] for i in order], sha256=sha256)
    assert frames.sets.equals(session(rows).sets)
    assert frames.sets["exercise_id"].to_list() == ["squat", "lunge", "deadlift", "bench_press"]


def test_each_session_of_a_file_gets_its_own_sets():
    """A file with two sessions does not count the sets twice."""
    rows = [ACTIVE | at(minutes) for minutes in (0, 44, 45, 80)]
    later = {"started_at": END, "ended_at": END + dt.timedelta(minutes=45)}
    first, second = session(rows), session(rows, **later)
    assert (first.sets.height, second.sets.height) == (2, 2)
    assert first.sessions["session_id"][0] != second.sessions["session_id"][0]


@pytest.mark.parametrize(
    ("category", "subtype", "weight", "duration_s", "kind"),
    [
        ([10], [44], None, 600.0, "activation"),
        ([10], [44], None, 2700.0, "strength"),
        ([10], [11], 40.0, 600.0, "strength"),
        ([28], [61], None, 600.0, "strength"),
        ([65534], [None], None, 600.0, "strength"),
    ],
)
def test_short_drills_without_load_are_activation(category, subtype, weight, duration_s, kind):
    """The dose of strength leaves out warm-up drills, and nothing that may be more."""
    row = ACTIVE | at(1) | {"category": category, "category_subtype": subtype, "weight": weight}
    assert session([row], duration_s=duration_s).sessions["kind"].to_list() == [kind]


def test_the_athletes_own_title_names_what_the_profile_cannot():
    """A title fills in where the number is too vague, and is what is shown."""
    titles = [{"exercise_category": "37", "exercise_name": 200, "wkt_step_name": "Monster Walk"}]
    row = ACTIVE | at(1) | {"category": [37], "category_subtype": [200]}
    frames = session([row], titles)
    assert frames.sets.select("exercise_id", "exercise_raw").rows() == [
        ("monster_walk", "Monster Walk")
    ]
    assert session([row]).sets["exercise_id"].to_list() == [None]


def test_unknown_exercises_are_counted_once():
    """Sets without a known exercise are one line for the person, not one each."""
    rows = [ACTIVE | at(i) | {"category": [c]} for i, c in enumerate([65534, 65534, 28])]
    (what,) = session(rows).issues["what"]
    assert what.startswith("2 of 3 sets")


def _messages(path: Path) -> dict[str, list[dict]]:
    try:
        held = list(fitparse.FitFile(str(path)).get_messages(["set", "session"]))
    except fitparse.FitParseError as error:
        pytest.skip(f"fitparse alone cannot read it: {error}")
    return {
        name: [message.get_values() for message in held if message.name == name]
        for name in ("set", "session")
    }


def _plain(row: dict) -> dict:
    """Return a set as the decoder hands it on: lists, and naive times are UTC."""
    row = {k: list(v) if isinstance(v, tuple) else v for k, v in row.items() if "unknown" not in k}
    return {
        k: v.replace(tzinfo=dt.UTC) if isinstance(v, dt.datetime) else v for k, v in row.items()
    }


FILES = sorted(CORPUS.glob("strength/*/*.fit"))


def test_the_corpus_is_there():
    """Real strength files are read in these tests, always on the build machine."""
    if not FILES and not os.environ.get("CI"):
        pytest.skip(f"no corpus of real files at {CORPUS}; set CARRYOVER_CORPUS")
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_real_files_become_sessions(path):
    """Every real gym file is one session, with a set for each active set of the watch."""
    messages = _messages(path)
    (told,) = (_plain(row) for row in messages["session"])
    rows = [_plain(row) for row in messages["set"]]
    begin, end = sorted([told["start_time"], told["timestamp"]])
    frames = session(
        rows,
        started_at=begin,
        ended_at=max(end, begin + dt.timedelta(seconds=told["total_elapsed_time"])),
        duration_s=told["total_timer_time"],
    )
    assert frames.sessions.height == 1
    assert frames.sets.height == sum(row["set_type"] == "active" for row in rows)
    assert frames.sets.filter(pl.col("weight_kg") == 0).is_empty()
    unknown = frames.sets["exercise_id"].null_count()
    assert frames.issues.height == int(unknown > 0 or not rows)
