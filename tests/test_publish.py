"""Publishing: only what is whole, by one rename, with a way back to what stood before."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat

import pytest
from typer.testing import CliRunner

from benchmarks.trust.publisher import MARK, seen, two_versions
from carryover import app
from carryover.cli import app as commands
from carryover.errors import CarryoverError, DamagedError, UsageError
from carryover.home import Home
from carryover.restoring import earlier, is_old, restore
from carryover.settings import Settings
from carryover.warehouse.connect import open_database, wal_of
from carryover.warehouse.publish import publish, stands, verify
from carryover.warehouse.snapshots import Snapshots, instant_of, name_at

NOW = dt.datetime(2026, 5, 30, 3, tzinfo=dt.UTC)


@pytest.fixture
def home(tmp_path):
    """A home with two made warehouses, the first of which is published."""
    where = Home(tmp_path / "home")
    two_versions(where)
    return where


def built(home, number):
    shutil.copy(home.root / f"version-{number}.duckdb", home.build)
    return home.build


def version(home):
    with open_database(home.published, read_only=True) as connection:
        return connection.execute(f"select max(version) from {MARK}").fetchall()[0][0]


def lose_a_table(path):
    with open_database(path) as connection:
        connection.execute("drop table run")


def leave_a_log(path):
    wal_of(path).write_bytes(b"what was not written into it")


def spoil(path):
    path.write_bytes(b"no database" + path.read_bytes()[11:])


@pytest.mark.parametrize("harm", [lose_a_table, leave_a_log, spoil], ids=lambda f: f.__name__)
def test_what_is_not_whole_is_never_published(home, harm):
    """A built file that lacks anything is refused, and the published one stays as it was."""
    before = home.published.read_bytes()
    harm(built(home, 2))
    with pytest.raises(CarryoverError):
        publish(home.build, home.published, snapshots=Snapshots(home.snapshots, 7))
    assert home.published.read_bytes() == before
    assert not home.snapshots.exists()


def test_rows_are_counted_again(home):
    """What is opened again must hold as many rows as were built, table by table."""
    with open_database(built(home, 2), read_only=True) as connection:
        n = connection.execute("select count(*) from run").fetchall()[0][0]
    verify(home.build, {"run": n})
    with pytest.raises(CarryoverError, match=f"run has {n} rows and had {n + 1}"):
        verify(home.build, {"run": n + 1})


def test_nobody_writes_to_what_is_published(home):
    """A published file has no right to be written, and is open to no more people than before."""
    built(home, 2).chmod(0o640)
    publish(home.build, home.published)
    assert stat.S_IMODE(home.published.stat().st_mode) == 0o440


@pytest.mark.parametrize("links", [True, False], ids=["second names", "copies"])
def test_the_last_ones_are_kept(home, monkeypatch, links):
    """Of all that was published the last n are kept, whole, each under its instant."""
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no such thing")))
    keep = Snapshots(home.snapshots, 3)
    instants = [home.published.stat().st_mtime_ns]
    for number in range(5):
        publish(built(home, number % 2 + 1), home.published, snapshots=keep)
        instants.append(home.published.stat().st_mtime_ns)
    held = keep.held()
    assert [path.name for path in held] == [name_at(at) for at in instants[2:5]]
    assert all(stands(path) for path in held)
    assert sorted(home.snapshots.iterdir()) == held
    assert instant_of(held[0]) == dt.datetime.fromtimestamp(
        instants[2] // 1_000_000 / 1000, dt.UTC
    ).replace(microsecond=instants[2] // 1_000_000 % 1000 * 1000)


def test_none_are_kept_where_none_are_wished(home):
    """With `snapshots = 0` nothing is kept, and what was kept before leaves."""
    publish(built(home, 2), home.published, snapshots=Snapshots(home.snapshots, 3))
    publish(built(home, 1), home.published, snapshots=Snapshots(home.snapshots, 0))
    assert list(home.snapshots.iterdir()) == []


def test_one_file_is_kept_once(home):
    """A kill between the keeping and the renaming makes no second snapshot of one file."""
    keep = Snapshots(home.snapshots, 3)
    keep.take(home.published)
    keep.take(home.published)
    publish(built(home, 2), home.published, snapshots=keep)
    assert len(keep.held()) == 1
    assert seen(home.published) == "whole"


def test_half_a_snapshot_has_no_name(home, monkeypatch):
    """A copy that is cut off leaves nothing under a snapshot's name, and the old one published."""

    def cut_off(source, target):
        target.write_bytes(source.read_bytes()[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no such thing")))
    monkeypatch.setattr(shutil, "copy2", cut_off)
    with pytest.raises(OSError, match="No space"):
        publish(built(home, 2), home.published, snapshots=Snapshots(home.snapshots, 3))
    assert list(home.snapshots.iterdir()) == []
    assert version(home) == 1


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory):
    """A home that was published twice, with another weight each time; nobody knows of runs."""
    home = Home(tmp_path_factory.mktemp("two") / "home")
    home.prepare()
    for mass_kg in (60.0, 70.0):
        app.build_and_publish(home, weighing(mass_kg), now=NOW)
    app.render(home, weighing(70.0), now=NOW)
    return home


def weighing(mass_kg):
    return Settings.model_validate({"athlete": {"mass_kg": mass_kg}})


def mass(home):
    return app.ask(home, "select mass_kg from athlete").item()


@pytest.fixture
def nights(two_nights, tmp_path):
    """A copy of that home."""
    shutil.copytree(two_nights.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_a_way_back_and_forth(nights):
    """What stood before is published again, pages and all; what stood until then is kept."""
    [first] = earlier(nights)
    page = nights.site / "index.html"
    page.write_text("as it was")
    assert not is_old(nights)
    back = restore(nights, weighing(70.0), first.name[:16], now=NOW)
    assert back.name == first.name
    assert mass(nights) == 60
    assert page.read_text() != "as it was"
    assert is_old(nights)
    assert app.build_and_publish(nights, weighing(70.0), now=NOW) is False
    newest = earlier(nights)[0]
    restore(nights, weighing(70.0), newest.name, now=NOW)
    assert mass(nights) == 70
    assert not is_old(nights)


def test_a_build_of_the_same_keeps_nothing(nights):
    """A build over what has not changed makes no snapshot, forced or not."""
    held = [one.name for one in earlier(nights)]
    assert app.build_and_publish(nights, weighing(70.0), now=NOW) is False
    assert app.build_and_publish(nights, weighing(70.0), force=True, now=NOW) is True
    assert [one.name for one in earlier(nights)] == held


def test_a_snapshot_that_is_damaged_is_not_published(nights):
    """Nothing changes where the one that is asked for cannot be read."""
    [first] = earlier(nights)
    first.path.chmod(0o600)
    first.path.write_bytes(first.path.read_bytes()[:20000])
    with pytest.raises(CarryoverError, match="cannot be brought back"):
        restore(nights, weighing(70.0), first.name, now=NOW)
    assert mass(nights) == 70
    assert not nights.restored.exists()


def test_a_damaged_published_file_is_made_again(nights):
    """A published file that does not open is built again by the next night, not shown broken."""
    nights.published.chmod(0o600)
    nights.published.write_bytes(nights.published.read_bytes()[:20000])
    with pytest.raises(DamagedError, match="carryover nightly"):
        mass(nights)
    assert app.nothing_new(nights, weighing(70.0), now=NOW) is None
    assert app.build_and_publish(nights, weighing(70.0), now=NOW) is True
    assert mass(nights) == 70
    assert len(earlier(nights)) == 1


def test_the_command_lists_and_asks(two_nights):
    """`carryover restore` lists what is kept, and names it where a name means none."""
    where = ["--home", str(two_nights.root)]
    [name] = [one.name for one in earlier(two_nights)]
    listed = CliRunner().invoke(commands, ["restore", *where])
    assert listed.exit_code == 0
    assert name in listed.stdout
    told = CliRunner().invoke(commands, ["restore", "--json", *where])
    assert [one["name"] for one in json.loads(told.stdout)] == [name]
    wrong = CliRunner().invoke(commands, ["restore", "1999", *where])
    assert wrong.exit_code == 2
    assert name in wrong.stderr
    with pytest.raises(UsageError, match="no earlier warehouse is kept"):
        restore(Home(two_nights.root / "none"), Settings(), "2026", now=NOW)
