"""Reading apart: the same as in one process, whatever happens to the one that reads."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.trust.worker import PLANTED
from benchmarks.trust.worker_files import track, zipped
from benchmarks.trust.worker_planted import REASONS, mark
from carryover import app, reading
from carryover.apart.parcel import ROW_GROUP, Label, pack, unpack
from carryover.apart.reader import Apart
from carryover.apart.start import Started
from carryover.apart.watch import At, Ended
from carryover.care import Care
from carryover.errors import CarryoverError
from carryover.intake import identify, walk
from carryover.rawfile import Stage
from carryover.reading import read_files
from carryover.settings import Machine, Settings
from carryover.warehouse.content import Reading
from homes import home_with

QUICK = Settings(machine=Machine(read_timeout_s=3, read_memory_mb=512))
FAULTS = ("match", "exit", "grow")
ATHLETE = b"date,exercise,sets,reps,weight_kg\n2024-05-03,hip thrust,3,10,60\n"


def laid(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [identify(folder, path) for path in walk(folder)]


def statuses(readings):
    rows = [row for told in readings for row in told.content.to_dicts()]
    return {row["sha256"]: (row["status"], row["stage"], row["reason"]) for row in rows}


def descriptors():
    """Return what this process holds open, where the system tells."""
    folder = Path("/proc/self/fd")
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def digest(content):
    return hashlib.sha256(content).hexdigest()


def same(left, right):
    """Assert that two readings hold the same, types and order included."""
    for name in ("content", "member", "problem"):
        assert_frame_equal(getattr(left, name), getattr(right, name))
    assert left.frames.keys() == right.frames.keys()
    for name, frame in left.frames.items():
        assert_frame_equal(frame, right.frames[name])
    assert (left.disk_bytes, left.n_files) == (right.disk_bytes, right.n_files)


def test_a_reading_arrives_as_it_was_sent(corpus):
    """Every frame of real files crosses from process to process unchanged, types included."""
    found = [identify(corpus, path) for path in walk(corpus)][::4]
    for sent in read_files(found, Settings(machine=Machine(batch_mb=1)), frozenset()):
        descriptor, label = pack(sent)
        same(unpack(descriptor, Label.of(label.text())), sent)


@pytest.mark.parametrize("n", [0, 1, ROW_GROUP, ROW_GROUP + 1, 3 * ROW_GROUP + 7000])
def test_rows_come_in_the_groups_of_the_store(n):
    """However many rows a table has, all groups but its last arrive full, and none is changed."""
    frame = pl.DataFrame({"content": pl.arange(n, eager=True, dtype=pl.UInt32)})
    empty = pl.DataFrame({"sha256": pl.Series([], dtype=pl.String)})
    got = unpack(*pack(Reading(empty, empty, empty, {"sample": frame}))).frames["sample"]
    assert_frame_equal(got, frame)
    lengths = got["content"].chunk_lengths()
    assert lengths[:-1] == [ROW_GROUP] * (len(lengths) - 1)


def test_a_wish_for_memory_stands(monkeypatch):
    """What the environment tells the allocators goes before what the program tells its reader."""
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1000")
    with Started() as started:
        # Empty for a moment, while the process takes on its own program.
        place, end = Path(f"/proc/{started.process.pid}/environ"), time.monotonic() + 30
        while not (held := place.read_bytes()) and time.monotonic() < end:
            time.sleep(0.01)
    told = held.split(b"\0")
    assert b"MALLOC_TRIM_THRESHOLD_=1000" in told
    assert b"MALLOC_MMAP_THRESHOLD_=33554432" in told


def test_apart_and_in_process_read_the_same(tmp_path):
    """The same readings in the same batches come from a process of its own."""
    many = {f"{n}.gpx": track(n) for n in range(60)} | {"a.csv": ATHLETE, "e.fit": b""}
    found = laid(tmp_path, many | {"z.zip": zipped({"x.gpx": track(99), "y.fit": b"no"})})
    settings = Settings(machine=Machine(batch_mb=1))
    with Apart(settings) as reader:
        apart = list(reader.read(found, frozenset()))
        again = list(reader.read(found, frozenset()))
    here = list(read_files(found, settings, frozenset()))
    assert len(here) > 1
    for told in (apart, again):
        assert len(told) == len(here)
        for left, right in zip(told, here, strict=True):
            same(left, right)


def test_a_fault_costs_its_own_content_alone(tmp_path):
    """What hangs, breaks or swells the reader is set aside with its reason; all else is loaded."""
    ill = {fault: track(n) + mark(fault, "decode") for n, fault in enumerate(FAULTS)}
    files = {f"{n}-{fault}.gpx": content for n, (fault, content) in enumerate(ill.items())}
    good = {f"{n}-good.gpx": track(10 + n) for n in range(3)}
    found = laid(tmp_path, files | good | {"4.zip": zipped({"a.gpx": track(4)})})
    with Apart(QUICK, None, PLANTED) as reader:
        readings = list(reader.read(found, frozenset()))
    told = statuses(readings)
    for fault, content in ill.items():
        status, stage, reason = told.pop(digest(content))
        assert (status, stage) == ("rejected", "decode")
        assert re.fullmatch(REASONS[fault], reason)
    assert {status for status, *_ in told.values()} == {"loaded"}
    assert len(told) == 5
    # Every byte and file on disk is told once, however often it was begun.
    assert sum(r.disk_bytes for r in readings) == sum(f.size_bytes for f in found)
    assert sum(r.n_files for r in readings) == len(found)


def test_an_archive_that_breaks_the_reader_keeps_what_came_out_of_it(tmp_path):
    """Where opening an archive breaks the reader, what came out of it before is loaded."""
    last = track(2) + mark("crash", "behind")
    archive = zipped({"a.gpx": track(1), "b.gpx": last, "c.gpx": track(3)})
    found = laid(tmp_path, {"z.zip": archive})
    with Apart(QUICK, None, PLANTED) as reader:
        told = statuses(reader.read(found, frozenset()))
    assert told[digest(archive)][:2] == ("rejected", "open")
    assert told[digest(track(1))][0] == "loaded"
    assert told[digest(last)][0] == "partial"  # the mark behind its end
    assert digest(track(3)) not in told


def test_condemned_until_the_reader_changes(tmp_path, monkeypatch):
    """What broke the reader is not tried every night, but again by a new version of it."""
    ill = track(5) + mark("crash", "normalise")
    home = home_with(tmp_path, {"a.gpx": track(1), "b.gpx": ill})
    monkeypatch.setattr(app, "Apart", partial(Apart, main=PLANTED))
    assert app.ingest(home, QUICK).statuses == {"loaded": 1, "rejected": 1}
    assert app.ingest(home, QUICK).read == 0
    monkeypatch.setattr(reading, "DECODER_VERSION", 1_000_000)
    monkeypatch.setattr(app, "Apart", _Here)
    report = app.ingest(home, QUICK)
    assert (report.read, report.statuses) == (2, {"loaded": 1, "partial": 1})


class _Here(Apart):
    """Reads in this process, whose reader's version a test may change."""

    def read(self, files, known):
        return read_files(files, self._settings, known)


def test_it_works_from_any_thread_and_leaves_nothing(tmp_path, monkeypatch):
    """A flow's thread may read, too; afterwards there is no process, descriptor or file left."""
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    (tmp_path / "raw").mkdir()
    found = laid(tmp_path / "raw", {"1.gpx": track(1), "2.gpx": track(2)})
    before = descriptors()
    told, pids = {}, []

    def work():
        with Apart(QUICK) as reader:
            pids.append(reader.pid)
            told.update(statuses(reader.read(found, frozenset())))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert {status for status, *_ in told.values()} == {"loaded"}
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    assert not list(temp.iterdir())
    assert descriptors() <= before


def test_who_stops_early_leaves_no_process(tmp_path):
    """A reader that is left in the middle ends, and one asked again afterwards reads anew."""
    found = laid(tmp_path, {f"{n}.gpx": track(n) for n in range(40)})
    with Apart(Settings(machine=Machine(batch_mb=1))) as reader:
        pid = reader.pid
        readings = reader.read(found, frozenset())
        next(readings)
        readings.close()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert len(statuses(reader.read(found, frozenset()))) == 40


def test_a_reader_that_cannot_start_is_no_files_fault(tmp_path):
    """Where the process does not start no file is set aside: a clear error ends the night."""
    found = laid(tmp_path, {"1.gpx": track(1)})
    with (
        Apart(QUICK, None, "carryover.no_such_module") as reader,
        pytest.raises(CarryoverError, match=r"does not start: .*no_such_module"),
    ):
        list(reader.read(found, frozenset()))


def test_faults_at_no_content_end_in_an_error():
    """A reader that ends again and again while it is at no content is not started for ever."""
    from carryover.apart.reader import MOST_UNEXPLAINED, _Work

    work = _Work([], frozenset())
    for _ in range(MOST_UNEXPLAINED):
        work.learn(Ended("signal 9", None))
    with pytest.raises(CarryoverError, match="again and again: signal 9"):
        work.learn(Ended("signal 9", None))


def test_care_grows_until_the_content_is_known():
    """Together, alone, struck, condemned: each end of a reader leads one step on, never round."""
    from carryover.apart.reader import _Work

    work = _Work([], frozenset())
    work.learn(Ended("signal 11", At(Stage.DECODE, ("a", "b"), 2, 0)))
    assert (work.care.alone, work.care.struck) == ({"a", "b"}, frozenset())
    work.learn(Ended("signal 11", At(Stage.DECODE, ("b",), 1, 0)))
    assert (work.care.struck, dict(work.care.condemned)) == ({"b"}, {})
    work.learn(Ended("signal 11", At(Stage.DECODE, ("b",), 1, 0)))
    assert work.care.condemned == {"b": (Stage.DECODE, "signal 11")}
    work.learn(Ended("x", At(None, ("a", "c"), 2, 0)))
    assert work.care.most_bytes == 1


def test_nothing_is_read_that_is_condemned_or_shut(tmp_path, monkeypatch):
    """A condemned content is entered, not decoded; a shut file is refused, not opened."""
    monkeypatch.setattr(reading, "decode_file", lambda _: pytest.fail("it is read"))
    archive = zipped({"a.gpx": track(2)})
    found = laid(tmp_path, {"1.gpx": track(1), "z.zip": archive})
    care = Care(
        condemned={digest(track(1)): (Stage.NORMALISE, "why")}, shut={digest(archive): (0, "so")}
    )
    told = statuses(read_files(found, Settings(), frozenset(), care))
    assert told == {
        digest(track(1)): ("rejected", "normalise", "why"),
        digest(archive): ("rejected", "open", "so"),
    }


def test_the_reader_dies_with_its_parent_without_a_word(tmp_path):
    """Ctrl-C in the program: the reader goes with it, and nobody sees a stack trace of it."""
    path = tmp_path / "planted.gpx"
    path.write_bytes(track(1) + mark("match", "decode"))
    command = [sys.executable, "-m", "benchmarks.trust.worker_parent", str(path)]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as parent:
        pid = int(parent.stdout.readline())
        parent.stdout.readline()
        time.sleep(1.5)
        parent.send_signal(2)
        _, said = parent.communicate(timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert "worker_planted" not in said
