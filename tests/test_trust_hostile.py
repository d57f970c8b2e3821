"""Hostile files are read or refused in words: nothing raises, hangs, swells or harms others."""

from __future__ import annotations

import datetime as dt
import gzip
import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from benchmarks.trust.fit_mutants import WAYS, mutant, parse, seeds
from benchmarks.trust.hostile import run as tries
from benchmarks.trust.judging import found, tried, wrong
from benchmarks.trust.text_mutants import overlapping, zipped
from carryover.csv_text import MAX_LINES, MAX_NAMES, MAX_TOLD
from carryover.decode.fit.kinds import MAX_MESSAGES
from carryover.intake import archives
from carryover.reading import read_files
from carryover.settings import Settings
from fit_bombs import packed_times, tiny_messages, toggled
from fit_bytes import RECORD, at, begin, instant, records, run, session, steady

LOG = "date,exercise,sets,reps,weight_kg\n"


def read(tmp_path, content, name="x"):
    """Read one content; return its status, reason, frames and problems."""
    readings, failures, _ = tried(found(tmp_path, {name: content}))
    assert not failures
    assert not wrong(readings)
    reading = readings[0]
    row = reading.content.row(-1, named=True)
    return row["status"], row["reason"], reading.frames, reading.problem["what"].to_list()


@pytest.mark.parametrize(("kind", "n"), [("fit", 120), ("text", 90), ("cut", 12)])
def test_spoilt_files_are_read_or_refused(corpus, kind, n):
    """No spoilt file raises, takes long, brings a value beyond nature or changes a neighbour."""
    came = tries(kind, 0, n)
    assert came.tried >= n
    assert not came.failures
    assert not came.hung
    assert came.peak_mb > 0


def test_framing_is_understood(corpus):
    """What is parsed and put together again is the same: mutants are spoilt on purpose only."""
    content = (corpus / "run/dtcooper__python-fitparse/garmin-fenix-5-run.fit").read_bytes()
    (part,) = parse(content)
    assert part.file()[14:-2] == content[content[0] : -2]
    held = seeds(corpus / "run" / "dtcooper__python-fitparse", [run(20)])
    kinds = {way for number in range(200) for way in mutant(number, held)[1]}
    assert kinds >= {way.__name__.strip("_") for way in WAYS}
    assert mutant(7, held) == mutant(7, held)


def shifted(rows, after, by_s):
    """Rows whose clock leaps by so many seconds after a row."""
    return [r | {"timestamp": r["timestamp"] + by_s * (i > after)} for i, r in enumerate(rows)]


@pytest.mark.parametrize("hours", [7, 24, 24 * 20])
def test_a_jump_of_hours_ends_a_run(tmp_path, hours):
    """Of a run whose clock jumps by more than six hours the longer part stands, told."""
    made = session(records(begin(), shifted(steady(100), 70, hours * 3600)),
                   elapsed_s=hours * 3600 + 100)  # fmt: skip
    status, reason, frames, _ = read(tmp_path, made.file())
    assert status == "partial"
    assert "jumps by more than six hours" in reason
    assert frames["sample"].height == 71
    assert frames["activity"]["elapsed_s"][0] == 70


def test_a_shorter_silence_is_no_jump(tmp_path):
    """Five hours of silence are a long rest."""
    made = session(records(begin(), shifted(steady(100), 70, 5 * 3600)),
                   elapsed_s=5 * 3600 + 100)  # fmt: skip
    status, _, frames, _ = read(tmp_path, made.file())
    assert status == "loaded"
    assert frames["sample"].height == 101


@pytest.mark.parametrize("year", [1990, 1999, 2107])
def test_single_instants_of_no_calendar_are_left_out(tmp_path, year):
    """An instant before 2000 or after tomorrow inside a sound run goes, told with its date."""
    wrong_s = instant(dt.datetime(year, 6, 1, tzinfo=dt.UTC)) - at(0)
    rows = [*steady(60), {"timestamp": wrong_s, "speed": 3.0}]
    status, _, frames, told = read(tmp_path, session(records(begin(), rows), elapsed_s=60).file())
    assert status == "loaded"
    assert frames["sample"].height == 61
    # FIT counts from 1990 on, and takes its first years for times since the start.
    words = "without a date" if year == 1990 else f"({year}"
    assert any(words in what and "left out" in what for what in told)


def test_records_outside_every_session_are_told(tmp_path):
    """What a file recorded and no session covers is counted, not lost in silence."""
    made = session(records(begin(), shifted(steady(100), 70, 3600)), elapsed_s=70)
    _, _, frames, told = read(tmp_path, made.file())
    assert frames["sample"].height == 71
    assert "30 records outside every session: left out" in told


def test_records_out_of_order_are_told(tmp_path):
    """Time that goes back or stands still is put right, and a person is told of it."""
    rows = steady(30)
    rows[10], rows[11] = rows[11], rows[10]
    rows.insert(20, rows[19])
    _, _, frames, told = read(tmp_path, session(records(begin(), rows), elapsed_s=30).file())
    assert frames["sample"].height == 31
    assert any("put in order of time" in what for what in told)
    assert any("joined with it" in what for what in told)


@given(
    where=st.integers(1, 58), lat=st.sampled_from([-80.0, 10.0, 49.5, 89.9]), n=st.integers(1, 3)
)
@hypothesis_settings(max_examples=15)
def test_a_place_out_of_reach_is_no_place(tmp_path_factory, where, lat, n):
    """Places to which nobody could have come are left out; all the others stay."""
    rows = [
        r | {"position_lat": 48 + 2e-5 * i, "position_long": 8.0} for i, r in enumerate(steady(60))
    ]
    for row in rows[where : where + n]:
        row["position_lat"] = lat
    made = session(records(begin(), rows), elapsed_s=60).file()
    _, _, frames, told = read(tmp_path_factory.mktemp("raw"), made)
    held = frames["sample"]["latitude_deg"]
    assert held.null_count() == len(rows[where : where + n])
    assert held.drop_nulls().is_between(47.99, 48.01).all()
    assert any("out of reach" in what for what in told)


def test_what_no_body_can_is_left_out_and_told(tmp_path):
    """Speed, distance and channels beyond nature are null and told; the run's sums stay."""
    rows = steady(60)
    rows[20] |= {"speed": 60.0, "distance": 4e7, "vertical_oscillation": 6000.0, "power": 60_000}
    _, _, frames, told = read(tmp_path, session(records(begin(), rows), elapsed_s=60).file())
    sample = frames["sample"]
    for column in ("speed_mps", "distance_m", "vertical_oscillation_mm"):
        assert sample[column].null_count() == 1
    assert frames["activity"]["distance_m"][0] == 180
    for words in ("faster than any runner", "further along", "nature does not allow"):
        assert any(words in what for what in told)


@given(
    st.lists(st.sampled_from(["", "x", "2024-05-03,squat,3,8,60", '"', "2024-05-03,squat,y,1,1"]))
)
@hypothesis_settings(max_examples=60)
def test_rows_in_are_rows_out_and_rows_told(tmp_path_factory, lines):
    """No line of a log is lost in silence: each is a set's row, blank, or told by its number."""
    content = (LOG + "\n".join(lines) + "\n").encode()
    _, _, frames, told = read(tmp_path_factory.mktemp("raw"), content, "log.csv")
    sets = frames["strength_set"].height if "strength_set" in frames else 0
    good = sum(line.startswith("2024-05-03,squat,3") for line in lines)
    bad = sum(bool(line) for line in lines) - good
    assert sets == 3 * good
    # What is rejected tells in its reason.
    assert sum("is left out" in what for what in told) == bad or not good


def test_faults_beyond_many_are_counted(tmp_path):
    """Thousands of bad lines are told as some and a count, which add up to all."""
    content = (LOG + "2024-05-03,squat,3,8,60\n" + "x\n" * 5000).encode()
    _, _, _, told = read(tmp_path, content, "log.csv")
    named = [what for what in told if what.startswith("line ")]
    assert len(named) == MAX_TOLD
    assert f"{5000 - MAX_TOLD} more lines are left out" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((LOG + "2024-05-03,squat,3,8,60\n" * (MAX_LINES + 1)).encode(), "at most 100,000"),
        ((LOG + "".join(f"2024-05-03,n{i},1,8,6\n" for i in range(MAX_NAMES + 1))).encode(),
         "different exercises"),
        (b'<gpx version="1.1">' + b'<trk><trkseg><trkpt lat="1" lon="1"><time>2024-05-04T09:00:00Z'
         b"</time></trkpt></trkseg></trk>" * 5001 + b"</gpx>", "recordings in one file"),
        (b"\x0e\x10\0\0\0\0\0\0.FIT\0\0" + bytes(33 << 20), "no watch fills"),
    ],
    ids=["lines", "names", "tracks", "bytes"],
)  # fmt: skip
def test_what_is_larger_than_anybody_s_is_refused(tmp_path, content, words):
    """Tables, tracks and files beyond all use are refused in words, at once."""
    status, reason, _, _ = read(tmp_path, content)
    assert status == "rejected"
    assert words in reason


@pytest.mark.parametrize("bomb", [tiny_messages, toggled, packed_times], ids=lambda b: b.__name__)
def test_a_file_of_messages_without_end_is_read_to_a_million(tmp_path, bomb):
    """However a file is built, no more than a million messages of it are read."""
    _, reason, frames, _ = read(tmp_path, bomb(8 * MAX_MESSAGES))
    assert "messages" in reason or "definitions" in reason
    assert all(frame.height <= MAX_MESSAGES for frame in frames.values())


def test_a_thousand_summaries_are_enough(tmp_path):
    """A file of sessions without end brings a thousand, and says so once."""
    made = session(records(begin(), steady(30)), elapsed_s=30)
    for _ in range(3000):
        made.data(2, at(30), at(0), 30_000, 30_000, 1, 0)
    status, _, frames, told = read(tmp_path, made.file())
    assert (status, frames["activity"].height) == ("partial", 1)
    assert len(told) == len(set(told))
    assert any("more than 1000 summaries" in what for what in told)


def read_archive(tmp_path, content):
    path = found(tmp_path, {"x.zip": content})
    readings = list(read_files(path, Settings(), frozenset()))
    return pl.concat([one.content for one in readings])


def test_members_one_over_the_other_are_refused(tmp_path):
    """An archive whose members share bytes is refused whole: few bytes would unpack to many."""
    held = read_archive(tmp_path, overlapping(300, 8 << 20))
    assert held["status"].to_list() == ["rejected"]
    assert "one over the other" in held["reason"][0]


def test_a_directory_without_end_is_not_read(tmp_path, monkeypatch):
    """The list of an archive's members may be no longer than that of the largest archive."""
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 3000)
    held = read_archive(tmp_path, zipped([(f"{i:050d}.txt", b"x") for i in range(40)]))
    assert "longer than any" in held["reason"][0]


def test_parts_of_a_gzip_are_one_content(tmp_path):
    """Two gzips one behind the other are their contents joined, and rubbish behind is none."""
    whole = run(30)
    packed = gzip.compress(whole[:300]) + gzip.compress(whole[300:]) + b"rubbish"
    held = read_archive(tmp_path, packed)
    assert held["status"].to_list() == ["loaded", "loaded"]
    assert held.filter(kind="fit")["size_bytes"].to_list() == [len(whole)]


def test_parts_of_a_gzip_share_one_limit(tmp_path, monkeypatch):
    """Many small parts may not unpack to more than one large one."""
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 100_000)
    held = read_archive(tmp_path, gzip.compress(bytes(30_000)) * 9)
    assert "more than a run can hold" in held["reason"][0]


def test_a_damaged_set_has_no_number(tmp_path):
    """Weights and repetitions beyond all lifting are none: no dose is made of them."""
    made = session(begin(), elapsed_s=600, sport=10, sub_sport=20)
    made.define(6, 225, [(254, "uint32", 1), (3, "uint16", 1), (4, "uint16", 1), (5, "uint8", 1)])
    made.data(6, at(10), 65_534, 65_534, 1)
    _, _, frames, _ = read(tmp_path, made.file())
    assert frames["strength_set"].select("reps", "weight_kg").rows() == [(None, None)]


def test_a_run_of_no_calendar_reaches_no_table(tmp_path):
    """Runs of 1989, 2107 and one broken by a night are told by file; metrics never see them."""
    from carryover import app
    from homes import home_with

    def dated(year):
        shift = (
            instant(dt.datetime(year, 1, 2, tzinfo=dt.UTC)) - at(0) if year > 1989 else -at(0) + 60
        )
        made = begin().define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)])
        for second in range(600):
            made.data(1, at(second + shift), 3000)
        return session(made, elapsed_s=600, start_s=shift).file()

    broken = session(
        records(begin(serial=7777), shifted(steady(900), 700, 9 * 3600)), elapsed_s=900
    )
    home = home_with(tmp_path / "home", {
        "old.fit": dated(1989), "new.fit": dated(2107), "broken.fit": broken.file(),
    })  # fmt: skip
    home, settings = app.open_home(home.root)
    app.ingest(home, settings)
    app.build_and_publish(home, settings)
    days = app.ask(
        home, "select local_date from run_form union all select local_date from activity"
    )
    assert days["local_date"].unique().to_list() == [dt.date(2024, 5, 4)]
    assert app.ask(home, "select moving_s from run")["moving_s"].to_list() == [700]
    weeks = app.ask(home, "select distinct week_start from form_week")["week_start"].to_list()
    assert all(week.year == 2024 for week in weeks)
    told = app.ask(home, "select subject, what from data_issue").rows()
    for name in ("old.fit", "new.fit", "broken.fit"):
        assert any(name in subject for subject, _ in told), name


def test_random_bytes_under_every_signature(tmp_path):
    """Whatever follows the first bytes of a known format, it is told what is wrong with it."""
    rng = random.Random(7)
    heads = (b"\x0e\x10\0\0\0\xff\0\0.FIT", b"PK\x03\x04", b"\x1f\x8b\x08", b"<gpx ", LOG.encode(),
             b"<TrainingCenterDatabase>", b"PK\x05\x06")  # fmt: skip
    contents = {f"{i}": heads[i % len(heads)] + rng.randbytes(i * 7) for i in range(140)}
    readings, failures, _ = tried(found(tmp_path, contents))
    assert not failures
    assert not wrong(readings)
