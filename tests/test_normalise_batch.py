"""Many FIT files at once: each is read as if it were alone, whatever stands beside it."""

from __future__ import annotations

import datetime as dt
import gzip
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.decode.fit_files import decode_fit_batch
from carryover.normalise import TABLES, VENDOR, Batched, Owner, normalise_fit
from carryover.reading import READ
from carryover.settings import Athlete
from fit_bytes import (
    DEVELOPER_DATA_ID,
    FIELD_DESCRIPTION,
    RECORD,
    SET,
    FitBytes,
    activity,
    at,
    begin,
    records,
    run,
    session,
    steady,
    timer,
)

HOME = Athlete(home_timezone="Europe/Berlin")


def batched(contents: list[bytes], names: list[str]) -> Batched:
    decoded = decode_fit_batch(contents, READ)
    owners = [Owner(HOME, name) for name in names]
    return normalise_fit(decoded.messages, owners, decoded.developer)


def of_file(batch: Batched, index: int) -> tuple:
    """Return all that a batch says of one of its files."""
    mine = pl.col("file") == index
    frames = {name: held.filter(mine).drop("file") for name, held in batch.frames.items()}
    told = batch.files[index]
    return {n: f for n, f in frames.items() if f.height}, told.problems, told.partial, told.rows


def assert_same(one: tuple, other: tuple) -> None:
    assert one[1:] == other[1:]
    assert one[0].keys() == other[0].keys()
    for name, frame in one[0].items():
        assert frame.equals(other[0][name]), f"{name} differs"


def app(made: FitBytes, who: int, fields: list[tuple[str, str, int]]) -> FitBytes:
    """Records of an application that writes fields (name, unit, value) of its own."""
    made.define(6, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8", 1)])
    made.data(6, (who,) * 16, 0)
    told = [
        (0, "uint8", 1),
        (1, "uint8", 1),
        (2, "uint8", 1),
        (3, "string", 24),
        (8, "string", 12),
    ]
    made.define(7, FIELD_DESCRIPTION, told)
    for number, (name, units, _) in enumerate(fields):
        made.data(7, 0, number, 0x84, name, units)
    own = [(number, "uint16", 1, 0) for number in range(len(fields))]
    made.define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)], developer=own)
    for second in range(12):
        made.data(1, at(second), 3000, *(value for *_, value in fields))
    return made


def gym() -> bytes:
    made = begin(serial=5)
    fields = [(254, "uint16", 1), (6, "uint32", 1), (3, "uint16", 1), (5, "uint8", 1)]
    made.define(5, SET, [*fields, (7, "uint16", 2), (8, "uint16", 2)])
    for number in range(4):
        made.data(5, number, at(60 * number), 10, 1, (10, 28), (44, 1))
    return session(made, elapsed_s=600, sport=10, sub_sport=20).file()


@cache
def kinds() -> dict[str, bytes]:
    """One small file of every kind that is read differently."""
    pause = [*steady(20), *({**row, "timestamp": row["timestamp"] + 100} for row in steady(20))]
    walk = [{**row, "cadence": 115} for row in steady(12)]
    triathlon = session(records(begin(serial=9), steady(60)), elapsed_s=30, sport=2)
    dated = activity(session(records(begin(serial=3), steady(20)), elapsed_s=20), end_s=20,
                     offset_s=7200)  # fmt: skip
    stryd = [("Ground Time", "Milliseconds", 241), ("Power", "Watts", 260)]
    pod = session(app(begin(serial=11), 7, stryd), elapsed_s=12).file()
    other = [("Power", "Watts", 300), ("Air", "Watts", 9), ("Ground Time", "s", 2)]
    no_clock = begin(serial=13).define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)])
    for second in range(5):
        no_clock.data(1, second, 3000)
    return {
        "run": run(30),
        "place": run(20, position_lat=31.2, position_long=121.5, altitude=40.0),
        "unordered": session(records(begin(), steady(15)[::-1]), elapsed_s=15).file(),
        "twice": session(records(begin(serial=4), [*steady(9), *steady(6)]), elapsed_s=9).file(),
        "paused": session(
            timer(records(begin(serial=2), pause), [(0, "start"), (20, "stop"), (100, "start")]),
            elapsed_s=120,
        ).file(),
        "clock": dated.file(),
        "legs": session(triathlon, elapsed_s=30, start_s=30).file(),
        "ride": session(records(begin(serial=6), steady(30)), elapsed_s=30, sport=2).file(),
        "cut": records(begin(serial=8), steady(25)).file(),
        "broken": run(40)[:-90],
        "odd cadence": session(records(begin(serial=10), walk), elapsed_s=12).file(),
        "chain": run(12) + session(records(begin(serial=1), steady(9)), elapsed_s=9).file(),
        "copy": run(10) * 2,
        "pod": pod,
        "two apps": session(app(begin(serial=12), 9, other), elapsed_s=12).file(),
        "bare": session(
            records(begin(serial=0), [{"timestamp": i, "heart_rate": 0} for i in range(9)]),
            elapsed_s=9,
        ).file(),
        "no clock": no_clock.file(),
        "summary": session(begin(serial=14), elapsed_s=100).file(),
        "gym": gym(),
        "settings": begin(kind=2).file(),
        "text": b"no FIT at all",
    }


@cache
def alone(name: str) -> tuple:
    return of_file(batched([kinds()[name]], [name]), 0)


@given(names=st.lists(st.sampled_from(sorted(kinds())), min_size=1, max_size=8))
@settings(max_examples=40)
def test_a_batch_is_each_file_alone(names):
    """In any order, any company and any number of copies a file becomes what it is by itself."""
    together = batched([kinds()[name] for name in names], names)
    assert len(together.files) == len(names)
    for index, name in enumerate(names):
        assert_same(of_file(together, index), alone(name))


def test_the_kinds_are_what_they_say():
    """The law above is about files that differ: runs, gym, sets aside and all others."""
    together = batched(list(kinds().values()), list(kinds()))
    told = dict(zip(kinds(), together.files, strict=True))
    assert told["chain"].rows["activity"] == told["legs"].rows["activity"] == 2
    assert told["copy"].rows["activity"] == told["gym"].rows["strength_session"] == 1
    assert told["gym"].rows["strength_set"] == 4
    assert told["pod"].rows["developer_field"] == 2
    assert [n for n, t in told.items() if t.partial] == ["cut", "broken", "no clock"]
    assert [n for n, t in told.items() if not t.rows] == ["no clock", "settings", "text"]
    runs = together.frames["activity"].filter(pl.col("dynamics_source") == "Stryd app")
    assert runs["source_sha256"].to_list() == ["pod"]


def test_a_batchs_frames_have_the_tables_columns():
    """Each frame is its table's columns behind `file`, files in order, and counted right."""
    together = batched(list(kinds().values()), list(kinds()))
    for name, frame in together.frames.items():
        assert frame.schema == pl.Schema({"file": pl.UInt32(), **TABLES[name]})
        assert frame["file"].is_sorted()
        counted = [told.rows.get(name, 0) for told in together.files]
        held = dict(frame["file"].value_counts().iter_rows())
        assert counted == [held.get(index, 0) for index in range(len(counted))]


def test_samples_rise_in_time_and_lie_together():
    """A recording's samples are one block, each instant later than the one before."""
    frame = batched(list(kinds().values()), list(kinds())).frames["sample"]
    blocks = frame.select(pl.struct("file", "activity_id").rle()).unnest("file")
    assert blocks["value"].n_unique() == blocks.height
    rises = frame.select(
        pl.col("recorded_at").diff().over("file", "activity_id") > pl.duration(seconds=0)
    )
    assert rises.to_series().drop_nulls().all()


def test_no_files_are_no_rows():
    """An empty batch is an empty batch."""
    assert batched([], []).frames == {}


MOMENTS = st.integers(900_000_000, 4_926_000_000).map(
    lambda second: dt.datetime.fromtimestamp(second, dt.UTC)
)
"""From 1998 to 2126: all that FIT's clock can say."""
NUMBERS = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -1.0, 1e300, float("nan")]))
WORDS = st.one_of(st.none(), st.text(max_size=5), st.sampled_from(["running", "training",
                  "strength_training", "timer", "start", "stop_all"]))  # fmt: skip


@st.composite
def hostile(draw) -> dict[str, pl.DataFrame]:
    """Messages of one file with any value anywhere, in the profile's types."""
    made = {}
    for name, known in VENDOR.items():
        if name in {"track", "trackpoint"} or name.startswith("tcx_"):
            continue
        n = draw(st.integers(0, 4))
        strategies = {pl.Float64(): NUMBERS, pl.String(): WORDS,
                      pl.Datetime("us", "UTC"): st.one_of(st.none(), MOMENTS)}  # fmt: skip
        cells = {
            column: pl.Series(
                draw(st.lists(strategies[dtype], min_size=n, max_size=n)), dtype=dtype
            )
            for column, dtype in known.items()
            if dtype in strategies and draw(st.booleans())
        }
        segments = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
        keys = {
            "file": pl.Series([0] * n, dtype=pl.UInt32),
            "segment_index": pl.Series(segments, dtype=pl.UInt32),
        }
        made[name] = pl.DataFrame({**keys, **cells})
    return made


def beside(first: dict, second: dict) -> dict[str, pl.DataFrame]:
    """Put one file's messages before another's."""
    held = {name: [frame] for name, frame in first.items()}
    for name, frame in second.items():
        if frame.height:
            moved = frame.with_columns(pl.col("file") + pl.lit(1, pl.UInt32))
            held.setdefault(name, []).append(moved)
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in held.items()}


@given(odd=hostile(), name=st.sampled_from(["run", "pod", "gym", "chain", "twice", "legs"]))
@settings(max_examples=60)
def test_a_hostile_file_changes_nothing_for_another(odd, name):
    """Whatever numbers, words and times a file holds, it raises nothing and spoils no other."""
    decoded = decode_fit_batch([kinds()[name]], READ)
    owners = [Owner(HOME, "odd"), Owner(HOME, name)]
    together = normalise_fit(beside(odd, decoded.messages), owners, decoded.developer)
    assert_same(of_file(together, 1), alone(name))
    by_itself = normalise_fit(odd, owners[:1], {})
    assert_same(of_file(together, 0), of_file(by_itself, 0))


def corpus_files(corpus: Path) -> dict[str, bytes]:
    paths = sorted(p for p in corpus.rglob("*") if p.name.lower().endswith((".fit", ".fit.gz")))
    return {
        path.relative_to(corpus).as_posix(): (
            gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        )
        for path in paths
    }


@pytest.fixture(scope="module")
def real(corpus: Path) -> tuple[dict[str, bytes], Batched]:
    """Every real FIT file, and what they become together."""
    files = corpus_files(corpus)
    return files, batched(list(files.values()), list(files))


def test_real_files_together_are_each_alone(real):
    """Every real file becomes the same in a batch of all as by itself, to the last bit."""
    files, together = real
    assert len(files) > 60
    for index, (name, content) in enumerate(files.items()):
        assert_same(of_file(together, index), of_file(batched([content], [name]), 0))


def test_the_order_of_real_files_does_not_matter(real):
    """Read backwards, every real file becomes what it was."""
    files, together = real
    last = len(files) - 1
    backwards = batched(list(files.values())[::-1], list(files)[::-1])
    for index in range(len(files)):
        assert_same(of_file(backwards, last - index), of_file(together, index))
