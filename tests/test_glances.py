"""A file that looks as it did when it was hashed is not read again, and no change is missed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from carryover import app
from carryover.home import Home
from carryover.intake import Glances, glances, places
from carryover.settings import Settings

LATER_NS = 60_000_000_000
GRAIN_S = 0.02
"""More than a step of the clock by which Linux stamps files."""


@pytest.fixture
def hashed(monkeypatch):
    """Which files were read to be hashed."""
    seen: list[str] = []
    plain = places.digest

    def watched(stream):
        seen.append(Path(stream.name).name)
        return plain(stream)

    monkeypatch.setattr(places, "digest", watched)
    return seen


@pytest.fixture
def look(tmp_path):
    """Look at all files of a folder, by default a minute from now; return hashes by place."""
    raw = tmp_path / "raw"
    raw.mkdir()

    def look(after_ns=LATER_NS):
        held = Glances(tmp_path / "kept" / "glances.json", lambda: time.time_ns() + after_ns)
        found = [held.identify(raw, path) for path in places.walk(raw)]
        held.keep()
        return {f.place: f.sha256 for f in found}

    look.raw = raw
    look.file = tmp_path / "kept" / "glances.json"
    return look


def test_a_file_that_stands_is_read_once(look, hashed):
    """The second look reads only what is new, and tells the same."""
    (look.raw / "a.fit").write_bytes(b"a")
    (look.raw / "b.fit").write_bytes(b"b")
    before = look()
    (look.raw / "c.fit").write_bytes(b"c")
    hashed.clear()
    after = look()
    assert hashed == ["c.fit"]
    assert {place: after[place] for place in before} == before
    assert look.file.stat().st_mode & 0o077 == 0


def test_a_change_that_hides_itself_is_seen(look):
    """A content of the same size whose time was set back is another content."""
    path = look.raw / "a.fit"
    path.write_bytes(b"one")
    held = path.stat()
    before = look()
    time.sleep(GRAIN_S)
    path.write_bytes(b"two")
    os.utime(path, ns=(held.st_atime_ns, held.st_mtime_ns))
    assert path.stat().st_size == held.st_size
    assert path.stat().st_mtime_ns == held.st_mtime_ns
    assert look() != before


def test_another_file_in_its_place_is_seen(look):
    """A file that was moved over another one is another, however alike both look."""
    path = look.raw / "a.fit"
    path.write_bytes(b"one")
    before = look()
    held, beside = path.stat(), look.raw.parent / "beside"
    beside.write_bytes(b"two")
    os.utime(beside, ns=(held.st_atime_ns, held.st_mtime_ns))
    beside.replace(path)
    assert look() != before


def test_what_was_touched_just_now_is_not_trusted(look, hashed):
    """Within the grain of a file system's clock a change leaves no mark: such files are read."""
    (look.raw / "a.fit").write_bytes(b"a")
    look(after_ns=0)
    look(after_ns=0)
    assert hashed == ["a.fit"] * 2
    look()
    hashed.clear()
    look()
    assert hashed == []


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"a.fit": 1}', b'{"a.fit": []}', b"\xff"])
def test_a_damaged_list_costs_time_alone(look, hashed, held):
    """What cannot be read as the list is none."""
    (look.raw / "a.fit").write_bytes(b"a")
    before = look()
    look.file.write_bytes(held)
    hashed.clear()
    assert look() == before
    assert hashed == ["a.fit"]


def test_a_file_that_is_gone_leaves_nothing(look):
    """Neither the name nor the hash of a file stays when the file is no more."""
    path = look.raw / "a.fit"
    path.write_bytes(b"a")
    [(place, sha256)] = look().items()
    assert place in look.file.read_text()
    path.unlink()
    look()
    assert place not in look.file.read_text()
    assert sha256 not in look.file.read_text()


def test_a_night_reads_only_what_looks_new(tmp_path, hashed, monkeypatch):
    """`find` uses the list: a night without news opens none of the files."""
    home = Home(tmp_path)
    home.prepare()
    (home.raw / "a.csv").write_bytes(b"date,site\n")
    monkeypatch.setattr(glances, "SETTLED_NS", 0)
    time.sleep(GRAIN_S)
    first = app.find(home, Settings())
    hashed.clear()
    again = app.find(home, Settings())
    assert hashed == []
    assert [f.sha256 for f in again.found] == [f.sha256 for f in first.found]
