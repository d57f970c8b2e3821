"""A home's nights: the published tables depend on the files alone, and on nothing that happened."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import multiprocessing
import os
import random
import shutil
import threading
import time
import zipfile
from dataclasses import dataclass

import duckdb
import polars as pl
import pytest

from benchmarks.trust.part_built import part_built
from carryover import app, stamp
from carryover.demo.write import write_demo
from carryover.errors import CarryoverError, DecodeError, NightRunningError, UsageError
from carryover.home import Home
from carryover.intake import glances
from carryover.progress import bar
from carryover.settings import Settings, load_settings
from carryover.warehouse.connect import wal_of
from carryover.warehouse.publish import publish
from carryover.warehouse.read import open_published
from fit_bytes import run
from homes import home_with

SETTINGS = Settings()
LOG = "date,exercise,sets,reps,weight_kg\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A few made files: three runs, a gym session, logs."""
    folder = tmp_path_factory.mktemp("made")
    write_demo(folder / "home", weeks=1, seed=1, end_date=dt.date(2026, 3, 1))
    runs = sorted(
        (folder / "home" / "data" / "raw" / "watch").iterdir(), key=lambda p: p.stat().st_size
    )
    files = {path.name: path.read_bytes() for path in runs[:3]}
    first = next(name for name in files if name.endswith(".fit"))
    files["copy-of-one.fit"] = files[first]
    files["again.fit.gz"] = gzip.compress(files[first], mtime=0)
    files["strength.csv"] = f"{LOG}2026-02-24,hip thrust,3,8,60\n".encode()
    files["broken.fit"] = files[first][:2000]
    return files


def night(home):
    report = app.ingest(home, SETTINGS)
    app.build_and_publish(home, SETTINGS)
    return report


def read_anew(home, settings, *wanted):
    """Read what is new; return the report, and some tables as a build would make them."""
    return app.ingest(home, settings), part_built(home, settings, *wanted)


READ_AT = {"source_file", "source_place"}
"""Tables that tell when a file was read."""


def tables(path):
    """Return every published table's rows, to the last bit, but for the time of reading."""
    told = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        for (name,) in names:
            if name == "provenance":  # the mark of this very home
                continue
            left_out = "exclude (ingested_at)" if name in READ_AT else ""
            query = f"select * {left_out} from {name} order by all"
            told[name] = connection.execute(query).fetchall()
    return {name: sorted(rows, key=repr) for name, rows in told.items()}


@pytest.fixture(autouse=True, scope="module")
def same_program():
    """The program does not change while these tests run, even if its files do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "program", lambda: "one")
        patch.setattr(stamp, "program", lambda: "one")
        yield


def assert_same(path, expected):
    """Compare all tables, and show the first that differs."""
    found = tables(path)
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name] == rows, name


@pytest.fixture(scope="module")
def clean(made, tmp_path_factory):
    """A home after its first night."""
    home = home_with(tmp_path_factory.mktemp("clean"), made)
    night(home)
    return home


@pytest.fixture
def home(clean, tmp_path):
    """A copy of that home, to do with as a test likes."""
    shutil.copytree(clean.root, tmp_path / "home")
    return Home(tmp_path / "home")


@dataclass(frozen=True)
class Edited:
    """A home after a night over an edited log, and what a reader saw who had opened it before."""

    home: Home
    versions: tuple[bytes, bytes]
    """The published file before and after that night."""
    sets: tuple[pl.DataFrame, pl.DataFrame]
    """What the reader saw before and after it."""


@pytest.fixture(scope="module")
def edited(clean, tmp_path_factory):
    """A copy of that home whose log was edited while somebody read."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(clean.root, folder / "home")
    home, query = Home(folder / "home"), "select * from strength_set order by all"
    before = home.published.read_bytes()
    with open_published(home.published) as reader:
        seen = reader.frame(query)
        log = home.raw / "strength.csv"
        log.write_text(f"{LOG}2026-02-24,hip thrust,2,10,70\n2026-02-26,hip thrust,1,5,80\n")
        night(home)
        return Edited(home, (before, home.published.read_bytes()), (seen, reader.frame(query)))


def test_found_is_accounted_for(clean, made):
    """Every file found has one place in the ledger and a status with its reason."""
    rows = app.ask(clean, "select path, status, reason from source_file")
    places = app.ask(clean, "select path from source_place where outer_sha256 is null")
    assert set(places["path"]) == set(made)
    known = {"loaded", "duplicate", "partial", "rejected", "unsupported"}
    assert set(rows["status"]) <= known
    assert rows.filter(rows["status"] != "loaded")["reason"].null_count() == 0
    assert app.ask(clean, "select count(*) from run").item() == 3


def test_order_of_arrival(made, clean, tmp_path):
    """Files that come one by one, in any order, give the tables that they give at once."""
    names = sorted(made)
    random.Random(0).shuffle(names)
    home = home_with(tmp_path, {})
    for some in (names[:2], names[2:5], names[5:]):
        for name in some:
            (home.raw / name).write_bytes(made[name])
        app.ingest(home, SETTINGS)
    app.build_and_publish(home, SETTINGS)
    assert_same(home.published, tables(clean.published))


def test_rebuilt_from_raw(home):
    """The raw files alone give the warehouse back."""
    before = tables(home.published)
    shutil.rmtree(home.warehouse_dir)
    night(home)
    assert_same(home.published, before)


def test_the_second_night_reads_nothing(home, monkeypatch):
    """Files that are known are not opened, and nothing is built or published anew."""
    inode = home.published.stat().st_ino
    monkeypatch.setattr(app.Apart, "read", lambda *_: pytest.fail("a known file is read"))
    monkeypatch.setattr(app, "build", lambda *_, **__: pytest.fail("nothing is new"))
    begun = time.monotonic()
    report = night(home)
    assert report.read == 0
    assert time.monotonic() - begun < 5
    assert home.published.stat().st_ino == inode


def test_a_lost_batch_is_read_again(home, monkeypatch):
    """What the ledger lacks is found by looking at the files, and only that is read."""
    before = tables(home.published)
    with duckdb.connect(str(home.store)) as connection:
        connection.execute(
            "delete from sample where content_id in (select content_id from content "
            "where kind = 'fit' and status = 'loaded')"
        )
        [(n_lost,)] = connection.execute(
            "delete from content where kind = 'fit' and status = 'loaded'"
        ).fetchall()
    read = []
    whole = app.Apart.read
    monkeypatch.setattr(app.Apart, "read", lambda *a: read.extend(a[1]) or whole(*a))
    night(home)
    assert len({found.sha256 for found in read}) <= n_lost + 1
    assert_same(home.published, before)


def test_a_deleted_file_leaves(home, made):
    """A run leaves with its last file, not before."""
    copies = [name for name, content in made.items() if content == made["copy-of-one.fit"]]
    assert len(copies) == 2
    keys = app.ask(home, "select run_id from run order by all")
    for name in copies:
        (home.raw / name).unlink()
    told = read_anew(home, SETTINGS, "run")[1]
    assert told["run"].select("run_id").sort("run_id").equals(keys)
    (home.raw / "again.fit.gz").unlink()
    (home.raw / "broken.fit").unlink()
    report, told = read_anew(home, SETTINGS, "run")
    assert report.forgotten >= 2
    assert told["run"].height == 2


def test_an_empty_raw_folder(home):
    """A home that had files and has none is a disk that is not there: nothing is emptied."""
    before = home.published.read_bytes()
    for path in home.raw.iterdir():
        path.unlink()
    with pytest.raises(CarryoverError, match="Is the disk mounted"):
        app.ingest(home, SETTINGS)
    assert home.published.read_bytes() == before


def test_an_unreadable_file_stays(home, monkeypatch):
    """A file that cannot be read tonight is told, and what it held last night stays."""
    before = tables(home.published)
    whole = glances.identify

    def refuse(raw, path):
        if path.name == "strength.csv":
            raise DecodeError("the file cannot be read", subject=path.name)
        return whole(raw, path)

    monkeypatch.setattr(glances, "identify", refuse)
    report = night(home)
    assert report.unreadable == ["strength.csv: the file cannot be read"]
    assert report.forgotten == 0
    assert_same(home.published, before)


def test_an_edited_log_replaces_its_rows(edited):
    """An edited log's old rows are gone, whatever was changed in it."""
    rows = app.ask(edited.home, "select local_date, reps, weight_kg from strength_set "
                   "join strength_session using (session_id) order by all")  # fmt: skip
    first, second = dt.date(2026, 2, 24), dt.date(2026, 2, 26)
    assert rows.rows() == [(first, 10, 70), (first, 10, 70), (second, 5, 80)]


def test_a_moved_archive(home, made):
    """An archive that is renamed or copied takes the places of its members along."""
    with zipfile.ZipFile(home.raw / "old.zip", "w") as archive:
        archive.writestr("inner.csv", f"{LOG}2026-01-05,hip thrust,1,5,50\n")

    def inner(told):
        return told.filter(pl.col("path").str.ends_with("!inner.csv")).sort("path")

    told = read_anew(home, SETTINGS, "source_place")[1]
    assert inner(told["source_place"])["path"].to_list() == ["old.zip!inner.csv"]
    (home.raw / "old.zip").rename(home.raw / "new.zip")
    shutil.copy(home.raw / "new.zip", home.raw / "third.zip")
    told = read_anew(home, SETTINGS, "source_place", "source_file")[1]
    moved = ["new.zip!inner.csv", "third.zip!inner.csv"]
    assert inner(told["source_place"])["path"].to_list() == moved
    file = inner(told["source_file"]).select("path", "n_places")
    assert file.rows() == [("new.zip!inner.csv", 2)]
    assert app.ingest(home, SETTINGS).read == 0


def test_swapped_names_are_noticed(home):
    """Two files that change names are told under their new ones."""
    one, two = sorted(home.raw.glob("2026*"))[:2]
    before = app.ask(home, "select path, sha256 from source_place order by all")
    for source, target in ((one, "x"), (two, one.name), (home.raw / "x", two.name)):
        source.rename(home.raw / target)
    places = read_anew(home, SETTINGS, "source_place")[1]["source_place"]
    turned = {one.name: two.name, two.name: one.name}

    def renamed(place):
        outer, *inner = place.split("!")
        return "!".join([turned.get(outer, outer), *inner])

    now = dict(places.select("path", "sha256").rows())
    was = dict(before.rows())
    assert now == {renamed(place): sha256 for place, sha256 in was.items()} != was


def test_a_changed_configuration_builds_anew(home):
    """What the tables depend on is built again when it changes; the same is not."""
    assert app.build_and_publish(home, SETTINGS) is False
    heavier = Settings.model_validate({"athlete": {"mass_kg": 61.0}})
    assert app.build_and_publish(home, heavier) is True
    assert app.ask(home, "select mass_kg from athlete").item() == 61
    assert app.ingest(home, heavier).read == 0


def test_a_changed_home_zone_reads_anew(home):
    """What a reading depends on is read again when it changes, and nothing stands twice."""
    before = app.ask(home, "select count(*) from source_file").item()
    moved = Settings.model_validate({"athlete": {"home_timezone": "Asia/Tokyo"}})
    report, told = read_anew(home, moved, "source_file", "run")
    assert report.read > 0
    assert told["source_file"].height == before
    assert told["run"].height == 3


def test_older_clients_open_what_is_published(clean):
    """The published file is in the storage version of 1.4, and no log lies beside it."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{clean.published}' as it (read_only)")
        [(tag,)] = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'it'"
        ).fetchall()
    assert tag.startswith("v1.4")
    assert not wal_of(clean.published).exists()
    names = sorted(path.name for path in clean.warehouse_dir.iterdir() if path.is_file())
    assert names == ["carryover.duckdb", "store.duckdb"]


def test_a_strange_log_is_healed(home):
    """A write-ahead log left beside the published file makes nobody fail."""
    wal_of(home.published).write_bytes(b"not a log of this file" * 100)
    assert app.ask(home, "select count(*) from run").item() == 3
    wal_of(home.published).write_bytes(b"not a log of this file" * 100)
    assert app.build_and_publish(home, SETTINGS, force=True)
    assert not wal_of(home.published).exists()


def test_a_reader_keeps_its_snapshot(edited):
    """A reader of the old file reads on while a new one is published, and never blocks it."""
    before, after = edited.sets
    assert before.height == 3
    assert after.equals(before)
    assert app.ask(edited.home, "select sum(reps) from strength_set").item() == 25


def test_readers_during_publishing(edited, tmp_path):
    """Each of many readers sees one whole version while the file is replaced under them."""
    home = Home(tmp_path)
    home.prepare()
    home.published.write_bytes(edited.versions[0])
    done = threading.Event()

    def publish_often():
        for number in range(12):
            home.build.write_bytes(edited.versions[number % 2])
            publish(home.build, home.published)
        done.set()

    writer = threading.Thread(target=publish_often)
    writer.start()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["carryover.normalise", "carryover.warehouse.store"])
    queue = context.Queue()
    reader = context.Process(target=_read_often, args=(home.published, queue, 20))
    reader.start()
    seen = queue.get(timeout=60)
    reader.join()
    writer.join()
    assert done.is_set()
    assert seen <= {(24, 1), (25, 2)}


def _read_often(path, queue, times):
    seen = set()
    for _ in range(times):
        with open_published(path) as reader:
            reps = reader.frame("select sum(reps) from strength_set").item()
            sessions = reader.frame("select count(*) from strength_session where local_date "
                                    "in ('2026-02-24', '2026-02-26')").item()  # fmt: skip
            seen.add((reps, sessions))
    queue.put(seen)


def test_two_nights_at_once(home):
    """A second night leaves at once with an error of its own; the lock ends with its holder."""
    context = multiprocessing.get_context("forkserver")
    held, let_go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(home, held, let_go))
    other.start()
    assert held.wait(30)
    begun = time.monotonic()
    with pytest.raises(NightRunningError, match="another night") as fault, home.night_lock():
        pass
    assert time.monotonic() - begun < 2
    assert fault.value.exit_code == 3
    other.kill()
    other.join()
    with home.night_lock():
        pass


def _hold(home, held, let_go):
    with home.night_lock():
        held.set()
        let_go.wait(60)


def test_published_is_read_only_and_shut_off(clean, tmp_path):
    """A query can neither change the warehouse nor reach another file."""
    for query in (
        "delete from run",
        "create table x (i int)",
        f"copy run to '{tmp_path / 'x.csv'}'",
        "select * from read_text('/etc/hostname')",
        f"attach '{tmp_path / 'y.duckdb'}' as y",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with pytest.raises(UsageError, match="the query failed"):
            app.ask(clean, query)
    assert list(tmp_path.iterdir()) == []


def test_no_warehouse_yet(tmp_path):
    """Asking before the first night says what to do."""
    with pytest.raises(UsageError, match="Run `carryover nightly` first"):
        app.ask(Home(tmp_path), "select 1")


def test_nothing_new(home):
    """A night that would change nothing is told from one that would, before any work."""
    now = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
    assert app.nothing_new(home, SETTINGS, now=now) is None
    app.render(home, SETTINGS, now=now)
    report = app.nothing_new(home, SETTINGS, now=now)
    assert report is not None
    assert report.found == len(list(home.raw.iterdir()))
    assert app.nothing_new(home, SETTINGS, now=now + dt.timedelta(days=1)) is None
    (home.raw / "new.csv").write_text(f"{LOG}2026-02-27,hip thrust,1,5,50\n")
    assert app.nothing_new(home, SETTINGS, now=now) is None


def test_a_home_that_cannot_be(tmp_path):
    """A home where no folder can be made is a plain mistake of the call."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="no home can be made here"):
        Home(tmp_path / "file").prepare()


def test_progress_in_a_log(capsys, monkeypatch):
    """Where nobody watches, a step is one line with its size and seconds."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    with bar("reading", 12, "MB") as advance:
        advance(12)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("reading: 12 MB, 0.0 s")
    assert os.linesep in captured.err
    with bar("reading", 12, "MB", "of 3 files") as advance:
        advance(12, "3")
    assert capsys.readouterr().err.startswith("reading: 12 MB of 3 files, 0.0 s")


def test_a_report_says_what_new_archives_hold(tmp_path):
    """One archive is one file; what lies in it, at any depth, is counted beside it."""
    home = Home(tmp_path)
    home.prepare()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.fit", run(30))
        archive.writestr("b.fit.gz", gzip.compress(run(40)))
        archive.writestr("note.txt", "hello")
    with zipfile.ZipFile(home.raw / "export.zip", "w") as archive:
        archive.writestr("part.zip", inner.getvalue())
    report = app.ingest(home, load_settings(home.root))
    assert report.lines() == [
        "1 file found, 1 new: 1 loaded", "export.zip: 2 activities, 1 other file",
    ]  # fmt: skip
    assert app.ingest(home, load_settings(home.root)).lines() == ["1 file found, 0 new"]
