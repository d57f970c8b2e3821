"""Trials of privacy in short: zones, doors, databases, rights, one night that is watched."""

from __future__ import annotations

import os
import shutil
import stat
import struct

import duckdb
import pytest

from benchmarks.trust import privacy, privacy_network
from benchmarks.trust.privacy_homes import configure, gpx_home, read, said_here
from benchmarks.trust.privacy_search import (
    Needles,
    found_in_files,
    found_in_rows,
    found_in_tables,
    stored_places,
)
from carryover.errors import NightRunningError
from carryover.home import Home
from carryover.warehouse.connect import open_database

PLACE = (47.3769123, 8.5417321)


def test_no_place_in_a_zone_is_told(tmp_path):
    """A home with zones has none of their places in any table, page, log or export."""
    trial = privacy.zones(tmp_path, 1, n_made=0, say=said_here)
    assert trial.is_clean, trial.failures


def test_doors_are_not_found_from_where_runs_become_visible():
    """The circle through all cut ends misses the door by far; a naive zone gives it away."""
    trial = privacy.doors(3, 60)
    assert trial.is_clean, trial.failures
    assert privacy.attacked(1, 300.0, 60).naive_m < 5


def test_the_search_sees_a_place_in_every_form(tmp_path):
    """What looks for places finds them as doubles, as FIT has them, as text and in cells."""
    needles = Needles((PLACE,), ("serial 123",))
    semicircles = [round(v * 2**31 / 180) for v in PLACE]
    for content in (struct.pack("<xd", PLACE[0]), struct.pack("<xxii", *semicircles),
                    b"[47.37691, 1] [8.541732]", b"of serial 123"):  # fmt: skip
        (tmp_path / "a").write_bytes(content)
        assert found_in_files([tmp_path / "a"], needles), content
    (tmp_path / "a").write_bytes(b"47.2769, 8.5417; 47.3769, 9.5417")
    assert not found_in_files([tmp_path / "a"], Needles(((47.1, 8.1),)))
    (tmp_path / "a").write_bytes(b"x,47.376912,8.541732,y")
    assert found_in_rows([tmp_path / "a"], needles)
    with duckdb.connect(str(tmp_path / "d")) as connection:
        connection.execute("create table t as select 47.3769123::double a, 8.5417321::double b")
        connection.execute("create table u as select [8.5417321::double] a, 'no serial 123' as c")
    assert found_in_tables(tmp_path / "d", needles) == [
        "t: places", "u.a: part of a place", "u.c: serial 123"
    ]  # fmt: skip


def test_without_positions_the_store_keeps_none(tmp_path):
    """Switched off, files are read again without places; distance stays as it was."""
    home = gpx_home(tmp_path / "home", 1)
    read(home)
    assert stored_places(home)
    distance = "select max(distance_m), max(speed_mps) from sample"
    with open_database(home.store, read_only=True) as connection:
        before = connection.execute(distance).fetchall()
    configure(home, "[privacy]\npositions = false")
    read(home)
    assert not stored_places(home)
    with open_database(home.store, read_only=True) as connection:
        assert connection.execute(distance).fetchall() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_fetches_no_extension(tmp_path, read_only):
    """Whoever opens a database, none of its extensions is installed or loaded by itself."""
    path = tmp_path / "a.duckdb"
    duckdb.connect(str(path)).close()
    with open_database(path, read_only=read_only) as connection:
        for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
            [(value,)] = connection.execute(f"select current_setting('{name}')").fetchall()
            assert value in {False, "false"}
        with pytest.raises(duckdb.Error):
            connection.execute("select * from read_csv('https://example.invalid/a.csv')")


def test_what_a_night_makes_is_the_owners_alone(tmp_path):
    """Whatever the mask of whoever begins it, files made under the home's lock are private."""
    before = os.umask(0)
    try:
        home = Home(tmp_path / "home")
        with home.night_lock():
            (home.root / "a").write_text("x")
            (home.root / "b").mkdir()
        with home.night_lock(), pytest.raises(NightRunningError), home.night_lock():
            pass
        after = os.umask(0)
        assert after == 0, "and the caller's mask is as it was"
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) & 0o077 for p in home.root.rglob("*")}
    assert set(modes.values()) == {0}, modes


@pytest.mark.prefect
def test_a_night_calls_nobody_and_is_private(tmp_path, prefect_database):
    """A whole night, cut off from every network, works, calls nobody and leaves nothing open."""
    why = privacy_network.missing() or privacy_network.no_namespace()
    if why:
        pytest.skip(why)
    (tmp_path / "night1" / "prefect").mkdir(parents=True)
    shutil.copy(prefect_database, tmp_path / "night1" / "prefect")
    [trial] = privacy.nights(tmp_path, alone=(True,))
    assert trial.is_clean, trial.failures
