"""Quick entry by hand: what is logged is read again, and nothing wrong is written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.csv_text import read_header
from carryover.decode.logs import decode_log, sniff
from carryover.errors import UsageError
from carryover.logbook import (
    log_activation,
    log_pain,
    log_screening,
    log_single_leg,
    log_strength,
    moment,
)
from carryover.logbook.columns import with_columns
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
        (b"date,excercise,weight_kg\n", "'exercise'"),
        (b"\xff\xfed\x00a\x00t\x00e\x00\n\x00", "UTF-8"),
    ],
)
def test_a_log_that_does_not_fit_is_left_alone(tmp_path, held, hint):
    """Where the log is no log the person is told, and nothing moves."""
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


OLD = {
    FileKind.STRENGTH_CSV: ("date,exercise", ["2024-06-01,clams", "2024-06-02,squat"]),
    FileKind.WELLNESS_CSV: ("date,site,pain_0_10", ["2024-06-01,knee,2", "2024-06-02,hip,0"]),
    FileKind.SCREENING_CSV: ("date,test,score", ["2024-06-01,hop,1.4", "2024-06-02,hop,1.5"]),
}
ENTER = {
    FileKind.STRENGTH_CSV: (
        lambda raw: log_strength(raw, ANNA, when=DAY, exercise="squat", side="left", notes="new"),
        ("side", "notes"), ("left", "new"),
    ),
    FileKind.WELLNESS_CSV: (
        lambda raw: log_pain(raw, ANNA, when=DAY, site="knee", side="left", stiffness=3),
        ("side", "stiffness_0_10"), ("left", 3.0),
    ),
    FileKind.SCREENING_CSV: (
        lambda raw: log_screening(raw, ANNA, when=DAY, test="hop", score=140, unit="cm"),
        ("unit",), ("cm",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(OLD))
@pytest.mark.parametrize(("delimiter", "end"), [(",", "\n"), (";", "\r\n"), (",", "\r\n")])
def test_a_log_without_a_column_gets_it(tmp_path, kind, delimiter, end):
    """An older log gains the columns that an entry needs; its rows gain empty cells, no more."""
    header, lines = OLD[kind]
    enter, names, values = ENTER[kind]
    path = tmp_path / "anna" / kind.replace("_csv", ".csv")
    path.parent.mkdir()
    held = [line.replace(",", delimiter) for line in (header, *lines)]
    path.write_bytes(end.join([*held, ""]).encode())
    before = rows(path, kind)
    assert enter(tmp_path) == path
    text = path.read_bytes().decode()
    blank = delimiter * len(names)
    assert text.split(end)[:3] == [
        delimiter.join([held[0], *names]), *(line + blank for line in held[1:])
    ]  # fmt: skip
    after = rows(path, kind)
    assert after[:-1] == before
    assert tuple(after[-1][name] for name in names) == values
    assert [p.name for p in path.parent.iterdir()] == [path.name]


CELL = st.text(st.sampled_from('ab "5,;\t'), max_size=6)


@UNHURRIED
@given(
    st.lists(st.lists(CELL, max_size=6), max_size=5),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([",", ";"]),
    st.integers(0, 2),
)
def test_new_columns_leave_every_old_cell_alone(lines, quoting, delimiter, n_blank):
    """Whatever stands in the rows, each keeps its cells, its bytes and its faults."""
    names = ["date", "site"]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerow([*names, *[""] * n_blank])
    writer.writerows(lines)
    text = buffer.getvalue()
    header = read_header(text)
    grown = with_columns(text, header, ["side", "notes"])
    old, new = (list(csv.reader(io.StringIO(t), delimiter=delimiter)) for t in (text, grown))
    assert new[0] == [*names, "side", "notes", *[""] * n_blank]
    for before, after in zip(old[1:], new[1:], strict=True):
        padded = [*before[:2], "", "", *before[2:]] if len(before) >= 2 else before
        assert after == padded
    bytes_left = [line.replace(delimiter, "") for line in grown.splitlines()[1:]]
    assert bytes_left == [line.replace(delimiter, "") for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("line", "grown"),
    [
        ('a,5" step', 'a,5" step,,'),
        ('"open,b', '"open,b'),
        ('"a ""b"", c",d', '"a ""b"", c",d,,'),
        ("a", "a"),
        ("", ""),
        ("a,b,c", "a,b,,,c"),
        (",", ",,,"),
    ],
)  # fmt: skip
def test_an_odd_line_keeps_its_sense(line, grown):
    """Quotes within a cell, short rows and rows that no night reads are not pulled apart."""
    text = f"date,site\n{line}\n"
    assert with_columns(text, read_header(text), ["x", "y"]) == f"date,site,x,y\n{grown}\n"


def test_a_byte_order_mark_before_a_quoted_header_is_kept():
    """A spreadsheet's mark stays the first sign of the file."""
    text = '\ufeff"date";"site"\r\n'
    assert with_columns(text, read_header(text), ["side"]) == '\ufeff"date";"site";side\r\n'


NOW = dt.datetime(2024, 6, 5, 4, 30, tzinfo=dt.UTC)


def test_drills_that_nobody_timed_have_just_ended(tmp_path):
    """Drills without a time began so many minutes ago, on the athlete's own clock."""
    drills = log_activation(tmp_path, ANNA, when=None, now=NOW, minutes=12, exercises=["clams"])
    session, drill = rows(drills.path)
    assert (session["kind"], session["duration_min"], session["time"]) == (
        "activation", 12.0, dt.time(6, 18),
    )  # fmt: skip
    assert (drill["exercise"], drill["time"]) == ("clams", dt.time(6, 18))
    assert drills.when == NOW - dt.timedelta(minutes=12)


def test_drills_are_one_session_of_their_kind(tmp_path):
    """A log of drills becomes one session of activation, ten minutes where none are told."""
    when = dt.datetime.fromisoformat("2024-06-05T06:00")
    drills = log_activation(
        tmp_path, ANNA, when=when, now=NOW, exercises=["clams", "monster walk", "hip thrust"]
    )
    message = decode_log(drills.path.read_bytes(), FileKind.STRENGTH_CSV).message("row")
    frames = from_log(message, ANNA, "sha")
    (session,) = frames.sessions.to_dicts()
    assert (session["kind"], session["duration_s"]) == ("activation", 600.0)
    assert frames.sets["exercise_id"].to_list() == ["clams", "monster_walk", "hip_thrust"]


def test_both_legs_are_written_or_neither(tmp_path):
    """A test of both legs is two rows; where one of them cannot be, none is written."""
    with pytest.raises(UsageError, match="outside"):
        log_single_leg(tmp_path, ANNA, when=DAY, test="hop", left=9000, right=140, unit="cm")
    with pytest.raises(UsageError, match="outside"):
        log_single_leg(tmp_path, ANNA, when=DAY, test="hop", left=140, right=9000, unit="cm")
    assert not list(tmp_path.iterdir())
    path = log_single_leg(tmp_path, ANNA, when=DAY, test="hop", left=140, right=150.5, unit="cm")
    told = [(r["side"], r["score"], r["unit"]) for r in rows(path, FileKind.SCREENING_CSV)]
    assert told == [("left", 140.0, "cm"), ("right", 150.5, "cm")]


WRONG_ENTRIES = [
    (log_pain, {"site": "left knee", "side": "right", "pain": 2}, "contradicts", "Keep one"),
    (log_pain, {"side": "left", "pain": 2}, "no site", "knee"),
    (log_pain, {"site": "knee", "side": "middle", "pain": 2}, "'middle'", "left, right, both"),
    (log_screening, {"test": "hop", "score": 1, "unit": "kg"}, "does not go with", "cm, m"),
    (log_screening, {"test": "hop", "score": 1, "unit": "ells"}, "'ells'", "Write"),
    (log_screening, {"test": "single-leg bridge", "score": -1}, "0 to 150 reps", "Mend"),
]


@pytest.mark.parametrize(("log", "entry", "what", "remedy"), WRONG_ENTRIES)
def test_what_contradicts_itself_is_not_logged(tmp_path, log, entry, what, remedy):
    """A side against the site's own, a unit against the test's and an impossible score are told."""
    with pytest.raises(UsageError) as caught:
        log(tmp_path, ANNA, when=DAY, **entry)
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("today", dt.date(2024, 6, 6)),
        ("Yesterday", dt.date(2024, 6, 5)),
        ("2024-06-01", dt.date(2024, 6, 1)),
        ("2024-06-01T18:30", dt.datetime.fromisoformat("2024-06-01T18:30")),
    ],
)
def test_days_are_the_athletes_own(told, when):
    """Today is the athlete's date, not that of the clock in Greenwich."""
    now = dt.datetime(2024, 6, 5, 22, 30, tzinfo=dt.UTC)
    assert moment(told, ANNA, now) == when
    assert moment(None, ANNA, now) == now
    with pytest.raises(UsageError, match="no date"):
        moment("tomorrow", ANNA, now)


def test_an_own_name_is_logged(tmp_path):
    """What exercises.csv knows can be logged like a name of the catalogue, and nothing else."""
    log_strength(tmp_path, ANNA, when=DAY, exercise="My Bridge", reps=8, own={"my bridge": "squat"})
    assert rows(tmp_path / "anna" / "strength.csv")[0]["exercise"] == "My Bridge"
    with pytest.raises(UsageError, match="not in the catalogue"):
        log_strength(tmp_path, ANNA, when=DAY, exercise="Other Bridge", own={"my bridge": None})
