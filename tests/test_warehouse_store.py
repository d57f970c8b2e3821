"""The store: nothing twice, nothing lost, nothing half; order and accidents do not matter."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.trust.killed_stores import looked_at
from benchmarks.trust.writer import KEY, batch, hash_of, opened, reading, write_for_ever
from carryover import columns
from carryover.normalise import TABLES
from carryover.warehouse.connect import open_database
from carryover.warehouse.content import MEMBER
from carryover.warehouse.store import open_store


def forked():
    """Return how to start processes that share no connection and need no time for imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["carryover.normalise", "carryover.warehouse.store"])
    return context


def rows(path, query):
    with open_database(path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def everything(path):
    """Return all rows of a store, but for internal numbers and the time of reading."""
    with open_database(path, read_only=True) as connection:
        connection.execute("create temp table c as select content_id, sha256 from content")
        told = {}
        for name in [*TABLES, "problem"]:
            told[name] = connection.execute(
                f"select c.sha256, t.* exclude (content_id) from {name} as t join c using "
                "(content_id) order by all"
            ).fetchall()
        told["content"] = connection.execute(
            "select * exclude (content_id, ingested_at) from content order by all"
        ).fetchall()
        told["member"] = connection.execute("select * from member order by all").fetchall()
    return told


def test_the_same_batch_twice(tmp_path):
    """Loading a batch again changes no row, not even the time it was first read."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        store.load([batch(1)])
    first, read_at = everything(path), rows(path, "select sha256, ingested_at from content")
    with opened(path) as store:
        store.load([batch(1)])
        store.load([batch(1)])
    assert everything(path) == first
    assert rows(path, "select sha256, ingested_at from content") == read_at


def test_a_new_reading_replaces_the_old(tmp_path):
    """A content that is read again holds what the new reading says, and nothing of the old."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        store.load([batch(1, samples=100)])
        store.load([batch(2, samples=5)])
        store.load([batch(1, samples=7)])
    assert rows(path, "select activity_id, count(*) from sample group by 1 order by 1") == [
        ("a1", 7), ("a2", 5),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_order_of_batches(tmp_path, order):
    """Whatever order batches come in, the store holds the same."""
    path, straight = tmp_path / "store.duckdb", tmp_path / "straight.duckdb"
    for target, numbers in ((path, order), (straight, range(3))):
        with opened(target) as store:
            for number in numbers:
                store.load([batch(number, samples=3)])
    assert everything(path) == everything(straight)


def test_what_left_the_disk_leaves(tmp_path):
    """A content leaves with its last place, inside an archive too, and takes all its rows along."""
    path = tmp_path / "store.duckdb"
    member = pl.DataFrame({"inner_place": ["!x.fit"], "sha256": [hash_of(2)],
                           "outer_sha256": ["Z"]}, schema=dict(MEMBER))  # fmt: skip
    with opened(path) as store:
        for number in (1, 2):
            store.load([batch(number, samples=3)])
        store.load([reading(None, {}, member)])
        places = [("a.fit", hash_of(1)), ("b.fit", hash_of(2)), ("z.zip", "Z")]
        assert store.replace_disk(places) == 0
        assert store.replace_disk(places[:1] + places[2:]) == 0
        assert store.known(KEY) == {hash_of(1), hash_of(2)}
        assert store.replace_disk(places[:1]) == 1
        assert store.known(KEY) == {hash_of(1)}
    told = everything(path)
    assert {row[0] for name in TABLES for row in told[name]} == {hash_of(1)}
    assert told["member"] == []


def test_the_state_tells_any_change(tmp_path):
    """The state differs after each change of contents or places, and stays without one."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        states = [store.state()]
        for change in (
            lambda: store.load([batch(1, samples=1)]),
            lambda: store.replace_disk([("a", hash_of(1))]),
            lambda: store.replace_disk([("b", hash_of(1))]),
            lambda: store.replace_disk([("a", hash_of(1)), ("b", hash_of(1))]),
            lambda: store.load([batch(2, samples=1)]),
            lambda: store.replace_disk([("a", hash_of(2)), ("b", hash_of(1))]),
            lambda: store.replace_disk([("b", hash_of(2)), ("a", hash_of(1))]),
            lambda: store.load([batch(1, samples=2)]),
            lambda: store.replace_disk([("a", hash_of(1))]),
        ):
            change()
            states.append(store.state())
        store.replace_disk([("a", hash_of(1))])
        assert store.state() == states[-1]
    assert len(set(states)) == len(states)


def test_a_fault_within_a_batch_leaves_nothing(tmp_path):
    """A batch that fails half way leaves the store as it was, and can be loaded afterwards."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        store.load([batch(1, samples=3)])
    before = everything(path)
    fine, broken = batch(2, samples=3), batch(3, samples=3)

    def half_read():
        yield fine
        raise OSError("the disk is gone")

    with opened(path) as store, pytest.raises(OSError, match="the disk is gone"):
        store.load(half_read())
    assert everything(path) == before
    broken.frames["sample"] = broken.frames["sample"].drop("dt_s")
    with opened(path) as store, pytest.raises(duckdb.Error):
        store.load([fine, broken])
    assert everything(path) == before
    with opened(path) as store:
        store.load([batch(2, samples=3)])
    assert len(everything(path)["sample"]) == 6


def test_a_store_of_another_layout(tmp_path):
    """A store of an older program is emptied, to be read anew; what lay on disk is remembered."""
    path = tmp_path / "store.duckdb"
    with opened(path) as store:
        store.load([batch(1)])
        store.replace_disk([("a.fit", hash_of(1))])
    changed = TABLES | {"lap": dict(columns.LAP) | {"mood": pl.String()}}
    for _ in range(2):
        with open_store(path, changed, memory_limit="1GB") as store:
            assert store.known(KEY) == frozenset()
            assert store.size() == 1
    with open_store(path, changed, memory_limit="1GB") as store:
        store.load([batch(1)])
    with open_store(path, changed, memory_limit="1GB") as store:
        assert store.known(KEY) == {hash_of(1)}


def test_notes_are_kept(tmp_path):
    """A note stands until it is written again; an unknown one is None."""
    with opened(tmp_path / "store.duckdb") as store:
        assert store.note("published") is None
        store.remember("published", "one")
        store.remember("published", "two")
    with opened(tmp_path / "store.duckdb") as store:
        assert store.note("published") == "two"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.99])
def test_a_log_cut_short(tmp_path, share):
    """Whatever a write-ahead log loses, the store holds whole batches and knows what it lacks."""
    path = tmp_path / "store.duckdb"
    context = forked()
    told = tmp_path / "told"
    told.touch()
    writer = context.Process(target=write_for_ever, args=(path, told))
    writer.start()
    while len(told.read_text().split()) < 5 and writer.is_alive():
        time.sleep(0.01)
    writer.kill()
    writer.join()
    log = Path(f"{path}.wal")
    content = log.read_bytes()
    log.write_bytes(content[: int(len(content) * share)])
    with opened(path) as store:
        known = store.known(KEY)
        for number in range(5):
            if hash_of(number) not in known:
                store.load([batch(number)])
    assert looked_at(path, list(range(5))) == (0, 0, [])


def test_two_writers(tmp_path):
    """A second writer in another process is told that the database is busy, in words."""
    path = tmp_path / "store.duckdb"
    context = forked()
    with opened(path):
        queue = context.Queue()
        other = context.Process(target=_open_and_tell, args=(path, queue))
        other.start()
        assert "another program is writing" in queue.get(timeout=30)
        other.join()
    assert rows(path, "select count(*) from content") == [(0,)]


def _open_and_tell(path, queue):
    from carryover.errors import DatabaseBusyError

    try:
        with opened(path):
            queue.put("no word of it")
    except DatabaseBusyError as error:
        queue.put(str(error))


def test_older_clients_can_read_the_store(tmp_path):
    """Databases are written in the storage version of 1.4, which older programs open."""
    path = tmp_path / "store.duckdb"
    with opened(path):
        pass
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as it (read_only)")
        [(tags,)] = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'it'"
        ).fetchall()
    assert tags.startswith("v1.4")
