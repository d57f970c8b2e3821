"""Trials that kill, in short: nothing told is lost, nothing half, the next night heals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.trust import small_home
from benchmarks.trust.damaged_homes import damaged_stores
from benchmarks.trust.killed_nights import killed_nights
from benchmarks.trust.killed_publishers import (
    killed_publishers,
    publishing_takes,
    readers_while_publishing,
)
from benchmarks.trust.killed_stores import (
    cut_and_flipped_logs,
    killed_upgrades,
    killed_writers,
    looked_at,
)
from benchmarks.trust.side_by_side import (
    two_nights,
    watch,
    watched_beside_a_reader,
)
from benchmarks.trust.writer import batch, opened
from carryover.home import Home
from carryover.warehouse.connect import open_database

pytestmark = pytest.mark.timeout(900)  # a machine that is busy takes ten times as long
KILLS = 4


def clean(trial):
    assert trial.is_clean, trial
    return trial


def test_killed_writers(tmp_path):
    """Of 4 writers killed at any moment none loses a told batch, leaves half of one or a ruin."""
    assert clean(killed_writers(tmp_path, KILLS)).tried == KILLS


def test_what_is_lost_or_half_is_seen(tmp_path):
    """The trial of writers counts a lost batch, and half of one."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        store.load([batch(0)])
        store.load([batch(1)])
    assert looked_at(path, [0, 1]) == (0, 0, [])
    assert looked_at(path, [0, 1, 2])[0] == 1
    with open_database(path) as connection:
        connection.execute("delete from sample where activity_id = 'a1' and elapsed_s = 7")
    assert looked_at(path, [0, 1])[1] == 1


def test_logs_cut_short_and_flipped(tmp_path):
    """What a damaged log lost is known to be missing, and loaded again."""
    clean(cut_and_flipped_logs(tmp_path, 4))


def test_killed_upgrades(tmp_path):
    """A change to another layout that is killed is completed by the next opening."""
    clean(killed_upgrades(tmp_path, 2))


def test_killed_publishers(tmp_path):
    """Whenever a publisher is killed, readers see one whole version, and nothing is left over."""
    clean(killed_publishers(tmp_path, 2))


def test_readers_during_publishing(tmp_path):
    """Each of many readings during many publications is of one whole version."""
    clean(readers_while_publishing(tmp_path, 3))


def test_publishing_takes_no_longer_with_size(tmp_path):
    """A large warehouse is published by a rename: no copy, at most two seconds."""
    clean(publishing_takes(tmp_path, 1, 20_000_000))


def test_killed_nights(calm, begin, tmp_path):
    """A night that is killed and run again gives the tables and pages of one that was not."""
    assert clean(killed_nights(tmp_path, begin, calm, 1)).tried == 1


def test_a_night_over_a_damaged_store(calm, begin, tmp_path):
    """A night that finds its store damaged sets it aside and ends as any other."""
    assert "1 set aside" in clean(damaged_stores(tmp_path, begin, calm, 1)).note


@pytest.fixture(scope="module")
def beside(calm, begin, tmp_path_factory):
    """The trials of one night that was watched while another process read."""
    return watched_beside_a_reader(tmp_path_factory.mktemp("beside"), begin, calm)


PROC = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")


@PROC
def test_a_reader_all_night(beside):
    """A reader in the midst of a query holds no night up, and reads on in its own version."""
    assert clean(beside[0]).checks == ("K1",)


def test_two_nights_at_once(tmp_path):
    """A second night leaves with its own exit code, before anything else is done."""
    trial = two_nights(tmp_path, 1)
    assert not trial.failures
    assert trial.slowest_s < 20  # 2 s where nothing else runs


@PROC
def test_no_plain_opening_while_connected(beside):
    """A night never opens a database as plain bytes while it is connected to it."""
    assert clean(beside[1]).checks == ("K5",)


@PROC
def test_a_plain_opening_is_seen(tmp_path):
    """The watch tells an opening of a connected database, and only that."""
    path = tmp_path / "store.duckdb"
    seen = watch([path])
    with opened(path):
        pass
    path.read_bytes()
    assert seen == []
    with opened(path):
        os.close(os.open(path, os.O_RDONLY))
    assert len(seen) == 1


def test_a_difference_is_seen(calm):
    """Hashes of tables differ where a row does, and not where the order of rows does."""
    home = Home(calm.after_first)
    found = small_home.hashes(home.published)
    assert found == small_home.hashes(home.published)
    assert small_home.differences(found, calm.tables)
    assert small_home.differences(found, found) == []
    assert small_home.broken_pages(home, [*small_home.page_names(home), "gone.html"]) == [
        "gone.html"
    ]
