"""The own strength log: rows become sessions and sets, with keys that survive an edit."""

from __future__ import annotations

import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import columns
from carryover.catalogue import match_name
from carryover.decode.logs import decode_log
from carryover.normalise.strength import from_log
from carryover.rawfile import FileKind
from carryover.settings import Athlete
from carryover.units import KG_PER_LB

UNHURRIED = settings(deadline=None, max_examples=40)
COLUMNS = [
    "date", "time", "exercise", "sets", "reps", "weight_kg", "side", "rpe", "duration_min", "kind",
    "notes",
]  # fmt: skip
BERLIN = Athlete(id="anna", home_timezone="Europe/Berlin")


def written(rows: list[dict], names: list[str] = COLUMNS) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def read(rows: list[dict], athlete: Athlete = BERLIN, **options):
    names = [*COLUMNS, *{name for row in rows for name in row if name not in COLUMNS}]
    recording = decode_log(written(rows, names), FileKind.STRENGTH_CSV)
    assert not recording.problems
    return from_log(recording.message("row"), athlete, "sha", **options)


def sessions(rows: list[dict], **options) -> list[dict]:
    return read(rows, **options).sessions.to_dicts()


ROW = st.fixed_dictionaries(
    {
        "date": st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)),
        "time": st.none() | st.times().map(lambda t: t.replace(microsecond=0, fold=0)),
        "exercise": st.sampled_from(["Hip Thrust (Barbell)", "clams", "plank", 'a "strange", one']),
        "sets": st.none() | st.integers(1, 6),
        "reps": st.none() | st.integers(1, 40),
        "weight_kg": st.none() | st.decimals(0, 300, places=2),
        "side": st.sampled_from([None, "left", "right", "both"]),
        "rpe": st.none() | st.integers(1, 10),
    }
)


@UNHURRIED
@given(st.lists(ROW, max_size=6))
def test_log_rows_come_back_as_sets(rows):
    """Every row of the log is its number of sets, with what was written and nothing else."""
    frames = read(rows)
    got = frames.sets.select("exercise_id", "exercise_raw", "side", "reps", "weight_kg", "rpe")
    want = [
        (
            match_name(row["exercise"]),
            row["exercise"],
            row["side"],
            row["reps"],
            None if row["weight_kg"] is None else float(row["weight_kg"]),
            row["rpe"],
        )
        for row in rows
        for _ in range(row["sets"] or 1)
    ]
    assert sorted(got.rows(), key=repr) == sorted(
        [tuple(float(v) if isinstance(v, int) else v for v in row) for row in want], key=repr
    )
    assert set(frames.sets["session_id"]) == set(frames.sessions["session_id"])
    assert frames.sessions.schema == columns.STRENGTH_SESSION
    assert frames.sets.schema == columns.STRENGTH_SET
    assert frames.issues.schema == columns.ISSUE


@UNHURRIED
@given(st.lists(ROW, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_ids_do_not_hang_on_the_order_of_rows(rows, random):
    """A log sorted anew or read again has the same sessions under the same keys."""
    shuffled = random.sample(rows, len(rows))
    keys = ["session_id", "started_at", "local_date", "time_known"]
    first, again = read(rows).sessions.select(keys), read(shuffled).sessions.select(keys)
    assert first.sort("session_id").equals(again.sort("session_id"))
    assert first["session_id"].n_unique() == first.height


@UNHURRIED
@given(st.lists(ROW, min_size=1, max_size=5), ROW)
def test_ids_survive_a_later_row(rows, later):
    """A row that is added to the log never changes the keys of the sessions before it."""
    before = set(read(rows).sessions["session_id"])
    assert before <= set(read([*rows, later]).sessions["session_id"])


def test_an_edited_set_keeps_its_session():
    """Mending a weight or adding a note does not make another session of it."""
    row = {"date": "2024-06-05", "time": "18:30", "exercise": "squat", "weight_kg": 60}
    mended = row | {"weight_kg": 62.5, "notes": "belt", "exercise": "front squat"}
    assert sessions([row])[0]["session_id"] == sessions([mended])[0]["session_id"]


def test_two_athletes_never_share_a_key():
    """The same visit of two people is two sessions."""
    row = {"date": "2024-06-05", "exercise": "squat"}
    ids = {sessions([row], athlete=Athlete(id=name))[0]["session_id"] for name in ("a", "b")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("date", "time", "instant", "known"),
    [
        ("2024-06-05", "18:30", "2024-06-05T16:30", True),
        ("2024-01-05", "18:30", "2024-01-05T17:30", True),
        ("2024-06-05", None, "2024-06-05T10:00", False),
        ("2024-03-31", "01:59", "2024-03-31T00:59", True),
        ("2024-03-31", "03:00", "2024-03-31T01:00", True),
        ("2024-03-31", "02:30", "2024-03-31T01:30", True),
        ("2024-10-27", "02:30", "2024-10-27T00:30", True),
        ("2024-06-06", "00:10", "2024-06-05T22:10", True),
    ],
)
def test_wall_clocks_become_instants(date, time, instant, known):
    """Local time is read by the home zone, also on the two nights when clocks change."""
    (session,) = sessions([{"date": date, "time": time, "exercise": "squat"}])
    assert session["started_at"] == dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)
    assert session["local_date"] == dt.date.fromisoformat(date)
    assert session["time_known"] is known


def test_an_hour_that_does_not_exist_is_named():
    """A time inside the spring gap is moved past it, and the person is told."""
    frames = read([{"date": "2024-03-31", "time": "02:30", "exercise": "squat"}])
    assert "does not exist in Europe/Berlin" in frames.issues["what"][0]
    assert "03:30" in frames.issues["remedy"][0]
    assert read([{"date": "2024-03-31", "time": "03:30", "exercise": "squat"}]).issues.is_empty()


@UNHURRIED
@given(st.dates(dt.date(2000, 1, 1), dt.date(2035, 12, 31)))
def test_a_day_without_a_time_stays_that_day(day):
    """Local noon lies on the date that was written, in zones at both ends of the world."""
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"):
        athlete = Athlete(home_timezone=name)
        (session,) = sessions([{"date": day, "exercise": "squat"}], athlete=athlete)
        local = session["started_at"].astimezone(ZoneInfo(name))
        assert (local.date(), local.hour) == (day, 12)


DAY = {"date": "2024-06-05", "time": "18:30"}


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([{"exercise": "squat"}], {"strength"}),
        ([{"exercise": "clams"}, {"exercise": "monster walk"}], {"activation"}),
        ([{"exercise": "clams"}, {"exercise": "squat"}], {"strength"}),
        ([{"exercise": "glute bridge", "weight_kg": 40}], {"strength"}),
        ([{"exercise": "glute bridge", "weight_kg": 0}], {"activation"}),
        ([{"exercise": "clams", "duration_min": 10}], {"activation"}),
        ([{"exercise": "clams", "duration_min": 40}], {"strength"}),
        ([{"exercise": "clams"}, {"exercise": "no such thing"}], {"strength"}),
        ([{"exercise": "hill strides"}], {"hill_strides"}),
        ([{"exercise": "clams", "kind": "strength"}], {"strength"}),
        ([{"exercise": "squat", "kind": "activation"}], {"activation"}),
        ([{"rpe": 7, "duration_min": 10}], {"strength"}),
        ([{"exercise": "squat", "kind": "activation"}, {"exercise": "clams"}], {"activation"}),
        ([{"exercise": "clams", "kind": "activation"}, {"exercise": "squat", "kind": "strength"}],
         {"activation", "strength"}),
    ],
)  # fmt: skip
def test_the_kind_is_said_or_follows_from_the_exercises(rows, kinds):
    """A kind that is given stands; else short drills without load are activation."""
    assert {session["kind"] for session in sessions([DAY | row for row in rows])} == kinds


@pytest.mark.parametrize(
    ("rows", "minutes", "rpe"),
    [
        ([{"rpe": 7, "duration_min": 40}], 40, 7),
        ([{"exercise": "squat", "rpe": 8, "duration_min": 45}] * 3, 45, 8),
        ([{"exercise": "squat", "reps": 5, "duration_min": 20},
          {"exercise": "clams", "reps": 9, "duration_min": 10}], 30, None),
        ([{"rpe": 6, "duration_min": 50}, {"exercise": "squat", "rpe": 9}], 50, 6),
        ([{"exercise": "squat", "sets": 3, "rpe": 8}, {"exercise": "clams", "rpe": 4}], None, 7),
        ([{"exercise": "squat"}], None, None),
    ],
)  # fmt: skip
def test_duration_and_effort_of_a_session(rows, minutes, rpe):
    """The session's own row speaks first; one length on all rows is the session's length."""
    (session,) = sessions([DAY | row for row in rows])
    assert session["duration_s"] == (None if minutes is None else minutes * 60)
    assert session["rpe"] == rpe


def test_a_row_of_the_session_has_no_sets():
    """A row without an exercise tells of the whole session and adds no set."""
    frames = read([DAY | {"rpe": 7, "duration_min": 40}])
    assert frames.sets.is_empty()
    assert frames.sessions.height == 1


def test_held_sets_share_their_time():
    """Three planks in three minutes are three sets of a minute; counted reps take no time."""
    held = read([DAY | {"exercise": "plank", "sets": 3, "duration_min": 3}])
    assert held.sets["duration_s"].to_list() == [60.0] * 3
    counted = read([DAY | {"exercise": "squat", "sets": 3, "reps": 8, "duration_min": 30}])
    assert counted.sets["duration_s"].to_list() == [None] * 3


def test_pounds_are_converted_and_units_never_guessed():
    """A weight without a unit is null until the configuration names one, and is asked for."""
    assert read([DAY | {"weight_lb": 100, "exercise": "squat"}]).sets["weight_kg"].to_list() == [
        pytest.approx(100 * KG_PER_LB)
    ]
    bare = [DAY | {"weight": 100, "exercise": "squat"}]
    assert read(bare, weight_unit="kg").sets["weight_kg"].to_list() == [100.0]
    assert read(bare, weight_unit="lb").sets["weight_kg"][0] == pytest.approx(100 * KG_PER_LB)
    asked = read(bare)
    assert asked.sets["weight_kg"].to_list() == [None]
    assert "weight_unit" in asked.issues["remedy"][0]


def test_an_unknown_exercise_stays_and_is_named_once():
    """A name that the catalogue lacks keeps its set and its text, and gets one hint."""
    name = "hip thrust thing"
    frames = read([DAY | {"exercise": name, "sets": 2}, DAY | {"exercise": name}])
    assert frames.sets.select("exercise_id", "matched_by").rows() == [(None, None)] * 3
    assert set(frames.sets["exercise_raw"]) == {name}
    assert frames.issues.height == 1
    assert "Hip thrust" in frames.issues["remedy"][0]


def test_a_set_says_how_its_exercise_was_found():
    """A name, a slip of the pen, the athlete's own list and what is to be ignored differ."""
    own = {"my bridge": "glute_bridge", "sauna": None}
    rows = [DAY | {"exercise": name} for name in ("Clams", "hipp thrust", "My  Bridge", "Sauna")]
    frames = read(rows, own=own)
    assert frames.sets.select("exercise_id", "matched_by").rows() == [
        ("clams", "name"), ("hip_thrust", "fuzzy"), ("glute_bridge", "override"),
        (None, "override"),
    ]  # fmt: skip
    assert frames.issues.is_empty()


def test_what_is_ignored_does_not_decide_the_kind():
    """Drills stay drills, also where the athlete lists what is no exercise beside them."""
    rows = [DAY | {"exercise": "clams"}, DAY | {"exercise": "sauna"}]
    assert read(rows, own={"sauna": None}).sessions["kind"].to_list() == ["activation"]
    assert read(rows).sessions["kind"].to_list() == ["strength"]


def test_sets_are_numbered_in_the_order_of_the_file():
    """Set indexes run from 0 within a session, in the order in which the rows stand."""
    rows = [DAY | {"exercise": "squat", "sets": 2}, DAY | {"exercise": "clams"}]
    assert read(rows).sets.select("set_index", "exercise_id").rows() == [
        (0, "squat"), (1, "squat"), (2, "clams"),
    ]  # fmt: skip
