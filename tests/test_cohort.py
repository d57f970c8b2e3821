"""A cohort's units, store and warehouse: whole or not at all, done once, each for themselves."""

from __future__ import annotations

import json
from pathlib import Path

import fsspec
import polars as pl
import pytest
from typer.testing import CliRunner

from carryover import app
from carryover.cli import app as cli
from carryover.cohort import coordinator, unit
from carryover.cohort.coordinator import Cohort, Report
from carryover.cohort.order import DONE, Done, Order, Terms, own_settings
from carryover.cohort.store import open_store
from carryover.errors import CarryoverError, SettingsError, UsageError
from carryover.registrations import REGISTRATION, read_registrations, with_added
from carryover.settings import Athlete, Settings
from made_cohort import NOW, gpx, made_cohort, names

ONE = {
    "athlete_id": "a001", "version": 1, "frozen_at": NOW, "exposure": "strength",
    "metric": "cadence_spm", "outcome": "level", "tau_d": 28.0, "good_side": "up",
    "n_values_then": 5, "n_runs_then": 5, "n_weeks_then": 9.0, "chosen_by": "order",
    "config_hash": "x", "saw_answer": False, "reason": "first",
}  # fmt: skip


def group_of(root: Path) -> Cohort:
    return Cohort.of(*app.open_home(root))


def night(group: Cohort, now=NOW) -> Report:
    """Run a cohort's night, one unit after the other."""
    report = Report(len(group.people))
    with group.home.night_lock():
        for order in coordinator.orders(group, now):
            try:
                report.outcomes.append(unit.work(order))
            except CarryoverError as fault:
                report.failed[order.athlete_id] = str(fault)
        coordinator.finish(group, report, now)
    return report


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cohort, Report]:
    """A cohort of two after its first night, with pages; one has asked a question before."""
    root = tmp_path_factory.mktemp("cohort") / "home"
    made_cohort(root, 2, "pages = true")
    group = group_of(root)
    asked = with_added(b"", pl.DataFrame([ONE], schema=REGISTRATION))
    open_store(group.store).write("athletes/a001/registrations.csv", asked)
    return group, night(group)


def test_the_warehouse_is_of_all_athletes(made):
    """What each athlete's unit made stands in one published warehouse, a catalogue once."""
    group, report = made
    assert report.failed == {}
    counts = app.ask(group.home, "select athlete_id, count(*) as n from run group by 1 order by 1")
    assert counts.rows() == [("a001", 2), ("a002", 2)]
    alike = "select count(*) - count(distinct exercise_id) from exercise"
    assert app.ask(group.home, alike).item() == 0
    assert "athlete" not in app.ask(group.home, "from run").columns
    assert app.ask(group.home, "select count(*) from sample").item() == 0
    told = app.ask(group.home, "select comment from duckdb_tables() where table_name = 'sample'")
    assert "marts/sample/" in told.item()
    parts = Path(group.store) / "marts" / "sample" / "athlete=a001" / "part.parquet"
    assert pl.read_parquet(parts).height > 1000


def test_the_front_page_leads_to_each_athletes_own_pages(made):
    """The squad's page names all, each name leads to pages that a worker drew, and these back."""
    site = made[0].home.site
    index = (site / "index.html").read_text("utf-8")
    for name in names(2):
        assert f'href="{name}/index.html"' in index
        assert name.upper() in (site / name / "index.html").read_text("utf-8")
        [run, *_] = (site / name / "runs").glob("2026-05-0*.html")
        for page, back in ((site / name / "index.html", "../"), (run, "../../")):
            assert f'<a href="{back}index.html">Athletes</a>' in page.read_text("utf-8")


def test_nothing_new_makes_nothing(made):
    """A second night orders nothing; a file that was only touched makes nothing anew."""
    group, _ = made
    assert coordinator.orders(group, NOW) == []
    touched = group.home.raw / "a001" / "run-4.gpx"
    touched.touch()
    [order] = coordinator.orders(group, NOW)
    before = (Path(group.store) / order.at("carryover.duckdb")).stat().st_mtime_ns
    assert unit.work(order).changed is False
    assert (Path(group.store) / order.at("carryover.duckdb")).stat().st_mtime_ns == before
    assert coordinator.orders(group, NOW) == []


def test_a_question_stays_from_night_to_night(made, monkeypatch):
    """What was asked before is kept, and a later night of the same home reads only new files."""
    group, _ = made
    place = "athletes/a001/registrations.csv"
    asked = open_store(group.store).read(place)
    rows = read_registrations(asked).rows
    assert rows.filter(pl.col("version") == 1)["reason"].to_list() == ["first"]
    (group.home.raw / "a001" / "strength.csv").write_text(
        "date,exercise,sets,reps\n2026-05-03,hip thrust,3,8\n"
    )
    [order] = coordinator.orders(group, NOW)
    read = []
    plain = app.ingest
    monkeypatch.setattr(app, "ingest", lambda *a: read.append(plain(*a)) or read[-1])
    unit.work(order)
    assert [one.read for one in read] == [1], "the runs were read last night"
    again = open_store(group.store).read(place)
    assert again.startswith(asked)
    store = open_store(group.store)
    assert Done.read(store, "a001").tables["registration"]


def test_a_unit_that_dies_leaves_what_stood(made, monkeypatch):
    """Cut off before its last step a unit leaves the store as it was; it is ordered again."""
    group, _ = made
    new = group.home.raw / "a002" / "run-8.gpx"
    new.write_bytes(gpx(8, 1))
    [order] = coordinator.orders(group, NOW)
    store = Path(group.store)
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}

    def cut_off(*_):
        raise OSError(5, "gone")

    monkeypatch.setattr(unit, "_night", cut_off)
    with pytest.raises(OSError, match="gone"):
        unit.work(order)
    after = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    assert after == before
    assert coordinator.orders(group, NOW) == [order]
    new.unlink()


def test_objects_appear_last_of_all_with_their_manifest(tmp_path):
    """While names change there is no manifest; nothing beside the objects is left."""
    for url in (str(tmp_path / "store"), "memory://whole"):
        store = open_store(url)
        (tmp_path / "x").write_bytes(b"new")
        store.write("a/done.json", b"old")
        seen = []
        plain = store.put

        def put(name, path, store=store, plain=plain, seen=seen):
            seen.append(store.read("a/done.json"))
            plain(name, path)

        store.put = put
        store.put_all({"a/x": tmp_path / "x"}, "a/done.json", b"{}")
        assert store.read("a/done.json") == b"{}"
        assert store.read("a/x") == b"new"
        assert store.names("a") == ["done.json", "x"]
        assert all(one is None for one in seen)


def test_an_object_store_serves_as_a_folder_does(tmp_path):
    """Files are listed, lent and copied once; a system's own files are passed over."""
    made_cohort(tmp_path / "home", 1)
    raw = tmp_path / "home" / "data" / "raw"
    (raw / "a001" / ".DS_Store").write_bytes(b"x")
    store = open_store("memory://lab/raw")
    assert coordinator.copy_in(raw, store) == 3
    assert coordinator.copy_in(raw, store) == 0
    assert [one.name for one in store.listed()] == [
        "a001/run-4.gpx", "a001/run-6.gpx", "a001/strength.csv",
    ]  # fmt: skip
    fsspec.filesystem("memory").pipe_file("/lab/raw/a001/._x", b"")
    assert len(store.listed()) == 3
    store.lend("a001/run-4.gpx", tmp_path / "lent" / "run.gpx")
    assert (tmp_path / "lent" / "run.gpx").read_bytes() == (raw / "a001/run-4.gpx").read_bytes()


def test_an_athletes_terms_hold_nothing_of_engine_or_others():
    """The engine, its workers and the clock change nothing that is made; others' words are out."""
    one, other = Athlete(id="a", folder="a"), Athlete(id="b", folder="b")
    told = {
        "athletes": [one, other],
        "same": [{"recordings": ["a/1.fit", "a/2.fit"]}, {"recordings": ["b/1.fit", "b/2.fit"]}],
        "kind": [{"run": "2026-04-12", "kind": "race", "athlete": "b"}],
    }
    plain = Settings(**told)
    dask = Settings(**told, scale={"engine": "dask", "workers": 9}, schedule={"cron": "1 1 * * *"})
    mine = own_settings(plain, one, frozenset({"b/1.fit", "b/2.fit"}))
    assert mine == own_settings(dask, one, frozenset({"b/1.fit", "b/2.fit"}))
    assert [held.recordings for held in mine.same] == [["a/1.fit", "a/2.fit"]]
    assert (mine.everyone(), mine.kind) == ([one], [])
    terms = Terms(mine, ("a/1.fit",), "")
    store = open_store("memory://terms")
    order = Order("memory://terms", "", "a", "", NOW)
    store.write(order.at("order.json"), terms.content())
    assert Terms.read(store, order) == terms


def test_who_fails_is_told_and_the_others_stand(made):
    """A unit's fault costs its athlete alone, who is shown as of the last night that went well."""
    group, _ = made
    (group.home.raw / "a002" / "run-6.gpx").touch()
    [order] = coordinator.orders(group, NOW)
    place = Path(group.store) / order.at("order.json")
    content = place.read_bytes()
    place.unlink()
    report = Report(2)
    with pytest.raises(CarryoverError, match="carryover cohort") as fault:
        unit.work(order)
    report.failed["a002"] = str(fault.value)
    with group.home.night_lock():
        coordinator.finish(group, report, NOW)
    told = report.lines()
    assert told[0] == "2 athletes: 0 made anew, 1 as they were, 1 failed"
    assert any(line.startswith("a002: failed: ") for line in told)
    assert app.ask(group.home, "select count(*) from athlete").item() == 2
    place.write_bytes(content)
    assert unit.work(order).changed is False


def test_somebody_who_left_is_told_and_can_be_dropped(made):
    """Results of nobody in the configuration are named, and go as a whole on a person's word."""
    group, _ = made
    store = open_store(group.store)
    store.write("athletes/gone/registrations.csv", b"x")
    store.write("marts/run/athlete=gone/part.parquet", b"x")
    report = Report(2)
    coordinator.finish(group, report, NOW)
    assert any("--drop gone" in line for line in report.notes)
    with pytest.raises(UsageError, match="made anew"):
        coordinator.drop(group, "a001")
    coordinator.drop(group, "gone")
    assert not list(Path(group.store).rglob("*gone*"))


def test_settings_that_cannot_work_are_told(tmp_path):
    """A store that workers elsewhere do not see, a driver or a file that is not there: in words."""
    made_cohort(tmp_path, 1, 'engine = "dask"\naddress = "tcp://10.0.0.5:8786"')
    with pytest.raises(SettingsError, match="do not see this home"):
        group_of(tmp_path)
    with pytest.raises(SettingsError, match="no store"):
        open_store("nosuch://x")
    made_cohort(tmp_path / "bare", 1)
    empty = group_of(tmp_path / "bare")
    with pytest.raises(UsageError, match="no athlete's file"):
        coordinator.orders(Cohort(empty.home, empty.settings, empty.store, "memory://none"), NOW)


def test_the_command_is_quiet_where_nothing_changed(made):
    """`carryover cohort` over a finished night starts no engine and says that all is as it was."""
    group, _ = made
    settings = group.home.root / "carryover.toml"
    settings.write_text(settings.read_text().replace("pages = true", "pages = false"))
    call = ["cohort", "--home", str(group.home.root)]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 0, done.output
    assert "2 athletes: 0 made anew, 2 as they were, 0 failed" in done.stdout
    told = json.loads(CliRunner().invoke(cli, [*call, "--json"]).stdout)
    assert (told["made"], told["failed"]) == ([], {})
    assert open_store(group.store).read(f"athletes/a001/{DONE}")


def test_somebody_without_a_name_is_called_by_their_id():
    """A list of thirty athletes that nobody has named yet does not say `me` thirty times."""
    told = [Athlete(id="anna"), Athlete(id="ben", name="Ben"), Athlete()]
    assert [a.name for a in told] == ["anna", "Ben", "me"]
