"""Quick entry by hand: what is logged is read again, and nothing wrong is written."""

from __future__ import annotations

import datetime as dt
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.decode.logs import decode_log, sniff
from carryover.errors import UsageError
from carryover.logbook import log_pain, log_screening, log_strength
from carryover.normalise.strength import from_log
from carryover.rawfile import FileKind
from carryover.settings import Athlete

UNHURRIED = settings(deadline=None, max_examples=40)
ANNA = Athlete(id="anna", folder="anna", home_timezone="Europe/Berlin")
DAY = dt.date(2024, 6, 5)
EARLIEST, LATEST = (dt.datetime.fromisoformat(day) for day in ("1995-01-01", "2090-01-01"))


def rows(path, kind=FileKind.STRENGTH_CSV):
    recording = decode_log(path.read_bytes(), kind, path.name)
    assert not recording.problems
    return recording.message("row").drop("line").to_dicts()


ENTRY = st.fixed_dictionaries(
    {
        "when": st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1)) | st.datetimes(EARLIEST, LATEST),
        "exercise": st.sampled_from(["clams", "Hip Thrust (Barbell)", "Fentes marchées"]),
        "sets": st.none() | st.integers(1, 50),
        "reps": st.none() | st.integers(1, 1000),
        "weight_kg": st.none() | st.decimals(0, 1000, places=2).map(float),
        "side": st.sampled_from([None, "left", "right", "both"]),
        "rpe": st.none() | st.decimals(1, 10, places=1).map(float),
        "duration_min": st.none() | st.integers(1, 600),
        "kind": st.sampled_from([None, "strength", "activation", "hill_strides"]),
        "notes": st.none() | st.text(st.characters(codec="utf-8"), max_size=20),
    }
)


@UNHURRIED
@given(st.lists(ENTRY, min_size=1, max_size=3), st.sampled_from([",", ";"]))
def test_what_is_logged_is_read_again(tmp_path_factory, entries, delimiter):
    """Every entry comes back from the file as it was given, in a file of either delimiter."""
    raw = tmp_path_factory.mktemp("raw")
    header = "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
    (raw / "anna").mkdir()
    (raw / "anna" / "strength.csv").write_text(header.replace(",", delimiter) + "\n", "utf-8")
    for entry in entries:
        path = log_strength(raw, ANNA, **entry)
    for entry, row in zip(entries, rows(path), strict=True):
        for name in (
            "exercise",
            "sets",
            "reps",
            "weight_kg",
            "side",
            "rpe",
            "duration_min",
            "kind",
        ):
            assert row[name] == entry[name], name
        assert row["notes"] == (" ".join((entry["notes"] or "").split()) or None)
        timed = isinstance(entry["when"], dt.datetime)
        assert row["date"] == (entry["when"].date() if timed else entry["when"])
        assert row["time"] == (
            entry["when"].time().replace(second=0, microsecond=0) if timed else None
        )


def test_three_logs_are_begun_where_the_athlete_lives(tmp_path):
    """Each log begins with its header, in the athlete's own folder, and is known by it."""
    paths = {
        log_strength(tmp_path, ANNA, when=DAY, exercise="clams"): "strength.csv",
        log_pain(tmp_path, ANNA, when=DAY, site="knee", pain=0): "wellness.csv",
        log_screening(tmp_path, ANNA, when=DAY, test="hop", score=1.42, side="left"): (
            "screening.csv"
        ),
    }
    for path, name in paths.items():
        assert path == tmp_path / "anna" / name
        assert sniff(path.read_bytes()) == name.replace(".csv", "_csv")
    assert sorted(p.name for p in (tmp_path / "anna").iterdir()) == sorted(paths.values())
    assert rows(tmp_path / "anna" / "wellness.csv", FileKind.WELLNESS_CSV)[0]["pain_0_10"] == 0.0


def test_a_logged_set_reaches_the_warehouse_vocabulary(tmp_path):
    """From quick entry to sets: three sets, their weight, and the local time as UTC."""
    when = dt.datetime.fromisoformat("2024-06-05T18:30")
    path = log_strength(tmp_path, ANNA, when=when, exercise="clams", sets=3, weight_kg=2.5)
    frames = from_log(
        decode_log(path.read_bytes(), FileKind.STRENGTH_CSV).message("row"), ANNA, "sha"
    )
    assert frames.sets["weight_kg"].to_list() == [2.5] * 3
    assert frames.sessions["started_at"][0] == dt.datetime(2024, 6, 5, 16, 30, tzinfo=dt.UTC)


def test_an_instant_is_written_as_the_athletes_clock(tmp_path):
    """A time with a zone lands on the athlete's own date and hour."""
    when = dt.datetime(2024, 6, 5, 22, 30, tzinfo=dt.UTC)
    (row,) = rows(log_strength(tmp_path, ANNA, when=when, exercise="clams"))
    assert (row["date"], row["time"]) == (dt.date(2024, 6, 6), dt.time(0, 30))


WRONG = [
    ({"exercise": "hipp thrust"}, "Hip thrust"),
    ({"exercise": "clams", "rpe": 11}, "rpe"),
    ({"exercise": "clams", "rpe": 0.5}, "rpe"),
    ({"exercise": "clams", "rpe": float("nan")}, "number"),
    ({"exercise": "clams", "side": "middle"}, "left, right, both"),
    ({"exercise": "clams", "sets": 0}, "sets"),
    ({"exercise": "clams", "reps": -1}, "reps"),
    ({"exercise": "clams", "weight_kg": -2.0}, "weight_kg"),
    ({"exercise": "clams", "weight_kg": float("inf")}, "number"),
    ({"exercise": "clams", "kind": "strenth"}, "strength"),
    ({"notes": "good"}, "rpe and duration_min"),
    ({"exercise": "clams", "when": dt.date(224, 6, 5)}, "year"),
]


@pytest.mark.parametrize(("entry", "hint"), WRONG)
def test_a_wrong_entry_is_refused_and_nothing_is_written(tmp_path, entry, hint):
    """A value out of range or an unknown exercise leaves the log as it was, with a remedy."""
    path = log_strength(tmp_path, ANNA, when=DAY, exercise="clams")
    before = path.read_bytes()
    with pytest.raises(UsageError) as caught:
        log_strength(tmp_path, ANNA, **({"when": DAY} | entry))
    assert hint in str(caught.value)
    assert caught.value.remedy
    assert path.read_bytes() == before
    with pytest.raises(UsageError):
        log_strength(tmp_path / "new", ANNA, **({"when": DAY} | entry))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("values", [{"pain": 11}, {"pain": -1}, {"stiffness": 10.5}, {}])
def test_pain_lies_between_nought_and_ten(tmp_path, values):
    """Pain and stiffness are 0–10, and an entry has one of them."""
    with pytest.raises(UsageError):
        log_pain(tmp_path, ANNA, when=DAY, site="knee", **values)
    assert not list(tmp_path.iterdir())


def test_an_unknown_exercise_can_be_forced(tmp_path):
    """A person may insist on a name that the catalogue lacks: it is kept as it stands."""
    path = log_strength(tmp_path, ANNA, when=DAY, exercise="Wobble thing", force=True)
    assert rows(path)[0]["exercise"] == "Wobble thing"


def test_a_log_keeps_its_own_form(tmp_path):
    """Order of columns, delimiter, line ends, byte order mark and rights stay as they were."""
    path = tmp_path / "anna" / "strength.csv"
    path.parent.mkdir()
    held = b"\xef\xbb\xbfexercise;date;weight_kg\r\nclams;2024-06-01;2,5"
    path.write_bytes(held)
    path.chmod(0o640)
    log_strength(tmp_path, ANNA, when=DAY, exercise="squat", weight_kg=60.5)
    assert path.read_bytes() == held + b"\r\nsquat;2024-06-05;60.5\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [row["weight_kg"] for row in rows(path)] == [2.5, 60.5]


@pytest.mark.parametrize(
    ("held", "hint"),
    [
        (b"date,exercise\n", "weight_kg"),
        (b"date,excercise,weight_kg\n", "'exercise'"),
        (b"\xff\xfed\x00a\x00t\x00e\x00\n\x00", "UTF-8"),
    ],
)
def test_a_log_that_does_not_fit_is_left_alone(tmp_path, held, hint):
    """Where an entry has no column, or the log is no log, the person is told and nothing moves."""
    path = tmp_path / "anna" / "strength.csv"
    path.parent.mkdir()
    path.write_bytes(held)
    with pytest.raises(UsageError) as caught:
        log_strength(tmp_path, ANNA, when=DAY, exercise="squat", weight_kg=60.0)
    assert hint in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == held


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    """A file where the folder should be gives a sentence, not a stack trace."""
    (tmp_path / "anna").write_text("not a folder")
    with pytest.raises(UsageError, match="cannot be written"):
        log_pain(tmp_path, ANNA, when=DAY, pain=2)


def test_an_own_name_is_logged(tmp_path):
    """What exercises.csv knows can be logged like a name of the catalogue, and nothing else."""
    log_strength(tmp_path, ANNA, when=DAY, exercise="My Bridge", reps=8, own={"my bridge": "squat"})
    assert rows(tmp_path / "anna" / "strength.csv")[0]["exercise"] == "My Bridge"
    with pytest.raises(UsageError, match="not in the catalogue"):
        log_strength(tmp_path, ANNA, when=DAY, exercise="Other Bridge", own={"my bridge": None})
