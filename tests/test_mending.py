"""Disks that fail: full ones are told, damaged stores set aside, leftovers cleared."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest
from polars.exceptions import ComputeError
from typer.testing import CliRunner

from carryover import app, room
from carryover.cli import app as commands
from carryover.errors import CarryoverError, DamagedError, DiskFullError
from carryover.kept import Kept
from carryover.leftovers import left_in
from carryover.mending import aside_notes, asides, careful, set_store_aside
from carryover.settings import Settings
from carryover.warehouse.connect import fault_of, open_database, wal_of
from homes import home_with

SETTINGS = Settings()
LOG = b"date,exercise,sets,reps,weight_kg\n2026-02-24,hip thrust,3,8,60\n"


@pytest.fixture
def home(tmp_path):
    return home_with(tmp_path / "home", {"strength.csv": LOG})


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"hello" * 1000,
        lambda content: content[: len(content) // 2],
        lambda content: content[:5000] + bytes([content[5000] ^ 4]) + content[5001:],
        lambda content: content[:12300] + bytes([content[12300] ^ 1]) + content[12301:],
    ],
    ids=["empty", "a stranger's", "cut", "a flip", "another flip"],
)
def test_a_damaged_store_is_read_anew_in_the_same_night(home, damage):
    """A store that cannot be opened is set aside as it is, and all files are read again."""
    app.ingest(home, SETTINGS)
    begun = dt.datetime.now(dt.UTC)
    spoilt = damage(home.store.read_bytes())
    home.store.write_bytes(spoilt)
    report = app.ingest(home, SETTINGS)
    assert (report.found, report.read, report.statuses) == (1, 1, {"loaded": 1})
    [path] = asides(home)["path"]
    assert (home.root / path).read_bytes() == spoilt
    assert [note.split(":")[0] for note in aside_notes(home, begun)] == [path]
    assert aside_notes(home, dt.datetime.now(dt.UTC)) == []


def test_a_damaged_log_goes_along(home):
    """A log that does not fit its store is set aside with it."""
    app.ingest(home, SETTINGS)
    other = home.root / "other.duckdb"
    connection = duckdb.connect(str(other))
    connection.execute("create table t as select i from range(1000) as r(i)")
    shutil.copy(wal_of(other), wal_of(home.store))
    connection.close()
    log = wal_of(home.store).read_bytes()
    assert app.ingest(home, SETTINGS).read == 1
    [path] = asides(home)["path"]
    assert wal_of(home.root / path).read_bytes() == log


def test_a_store_in_use_or_out_of_reach_is_left_alone(home, monkeypatch):
    """A lock, a missing right or a full disk is no damage: nothing is set aside for it."""
    for text in (
        "Could not set lock on file", "Cannot open file: Permission denied",
        "Could not write file: No space left on device", "Input/output error",
    ):  # fmt: skip
        fault = fault_of(home.store, duckdb.IOException(f"IO Error: {text}"))
        assert not isinstance(fault, DamagedError), text
    home.store.mkdir()
    with pytest.raises(CarryoverError, match="cannot be opened"):
        app.ingest(home, SETTINGS)
    assert not home.aside.exists()


def test_a_step_is_mended_once(home):
    """A database that is damaged again at once is told, not set aside for ever."""
    n = []

    @careful(set_store_aside)
    def step(home, settings):
        home.store.write_bytes(b"damaged again")
        n.append(1)
        with open_database(home.store):
            pass

    with pytest.raises(DamagedError, match="this database was damaged"):
        step(home, SETTINGS)
    assert len(n) == 2
    assert asides(home).height == 1


def test_damage_of_another_file_is_not_the_stores(home):
    """The store is set aside for its own damage only."""
    fault = DamagedError("damaged", subject=str(home.published))
    with pytest.raises(DamagedError):
        set_store_aside(home, SETTINGS, fault)
    assert not home.aside.exists()


def test_a_night_asks_for_room_first(home, monkeypatch):
    """Without room for a step nothing is begun, and the message says how much is needed."""
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    with pytest.raises(DiskFullError, match=r"too little room to read.*may take 8 MB, 1 MB are"):
        app.ingest(home, SETTINGS)
    with pytest.raises(DiskFullError, match="too little room to build"):
        app.build_and_publish(home, SETTINGS)
    assert not home.build.exists()
    assert not home.published.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_in_words(home, number):
    """The system's own fault of a full disk becomes a message with a remedy; others pass."""

    @careful(set_store_aside)
    def step(home, settings, number):
        raise OSError(number, "as the system says it")

    with pytest.raises(DiskFullError, match=r"the disk is full.*Make room"):
        step(home, SETTINGS, number)
    with pytest.raises(OSError, match="as the system says it"):
        step(home, SETTINGS, errno.EIO)


def test_no_command_ends_in_a_trace_on_a_full_disk(home, monkeypatch):
    """Wherever a command finds the disk full, it leaves with 1 and one line."""

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("carryover.home.os.open", full)
    done = CliRunner().invoke(commands, ["build", "--home", str(home.root)])
    assert done.exit_code == 1
    assert done.stderr.startswith("carryover: the disk is full. Make room")


@pytest.mark.parametrize(
    "text",
    [
        'IO Error: Could not write file "x": No space left on device',
        'TransactionContext Error: Failed to commit: Could not write file "x": No space left',
        "FATAL Error: database has been invalidated. Original error: No space left on device",
        "Out of Memory Error: failed to offload data block (limit 'max_temp_directory_size')",
        'IO Error: Could not write file "x": Disk quota exceeded',
    ],
)
def test_a_full_disk_as_the_database_says_it(home, text):
    """However DuckDB words a full disk, it is told as one."""
    assert isinstance(fault_of(home.store, duckdb.Error(text)), DiskFullError)


def test_what_cannot_be_kept_ends_no_night(tmp_path, monkeypatch):
    """A full disk costs the cache, never the results."""

    def full(*_):
        raise ComputeError("parquet: No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    frame = pl.DataFrame({"key": [1, 2], "x": [0.5, 1.5]})
    assert Kept(tmp_path / "k.parquet", "1").made(frame, ["key"], lambda f: f).equals(frame)


def test_leftovers_of_killed_nights_are_cleared(home):
    """What a killed night left is gone after the next one's first step; a person's files stay."""
    app.ingest(home, SETTINGS)
    ours = [
        home.build, wal_of(home.build), home.build.with_suffix(".spill") / "x",
        home.restored, home.store.with_name("store.duckdb.tmp") / "x", home.kept / "a.new",
        home.snapshots / "carryover-x.duckdb.part", home.raw / "watch" / f".{'0a' * 8}.part",
        home.site.parent / ".site.new-abc" / "index.html", home.root / "registrations.new",
    ]  # fmt: skip
    theirs = [home.raw / "watch" / ".part", home.raw / "watch" / "run.part",
              home.raw / ".mine.part", home.root / "notes.new"]  # fmt: skip
    for path in [*ours, *theirs]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left")
    assert len(left_in(home)) == len(ours)
    app.ingest(home, SETTINGS)
    assert left_in(home) == []
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in theirs)


def test_an_old_site_is_put_back_not_cleared(home):
    """The only site that is left after a kill in the midst of a swap is no leftover."""
    old = home.site.parent / ".site.old-abc"
    old.mkdir(parents=True)
    assert left_in(home) == []
    home.site.mkdir()
    assert left_in(home) == [old]
