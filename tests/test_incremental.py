"""A night makes what has changed; its tables are those of a build from nothing, to the last bit."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks import incremental
from benchmarks.incremental import World, contents
from carryover import given
from carryover.catalogue.thresholds import limits
from carryover.home import Home
from carryover.progress import unshown
from carryover.warehouse import build as building
from carryover.warehouse.unitwise import Unitwise
from carryover.warehouse.workshop import Workshop

SOURCE = Path(__file__).parents[1] / "src" / "carryover"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A home of two athletes after its first night, and the files that may still come."""
    folder = tmp_path_factory.mktemp("incremental")
    pool = incremental.made_pool(folder)
    return incremental.begun(folder, pool), pool


@pytest.fixture
def world(begun, tmp_path):
    """A copy of that home of one's own."""
    start, pool = begun
    shutil.copytree(start, tmp_path / "home")
    return World(Home(tmp_path / "home"), pool, random.Random(1))


def night(world, number):
    with unshown():
        incremental.night(world, number)


@pytest.fixture
def worked_out(monkeypatch):
    """Which units were worked out, by the name of their stage."""
    seen: dict[str, list[str]] = {}
    plain = Unitwise._work_out

    def watched(self, stage, parts, batch, one):
        for name in {*stage.own, stage.name}:
            seen.setdefault("seconds" if name == "sample" else name, []).extend(batch)
        plain(self, stage, parts, batch, one)

    monkeypatch.setattr(Unitwise, "_work_out", watched)
    return seen


@pytest.mark.parametrize("seed", [33])
def test_a_sequence_of_nights_ends_as_a_build_from_nothing(begun, seed):
    """Whatever comes, goes and is edited: all tables are those of a build from nothing."""
    start, pool = begun
    assert incremental.sequence(start, pool, seed).differing == []


def test_one_new_run_is_worked_out_alone(world, worked_out, capsys):
    """Of a run that comes the seconds are worked out, of all others they stand."""
    absent = sorted(n for n in world.pool if n.startswith("ben/watch") and n not in held(world))
    world.put(absent[0], world.pool[absent[0]])
    incremental.night(world, 1)
    assert len(worked_out["seconds"]) == 1
    assert worked_out["baseline"] == ["ben"]
    assert re.search(r"^1 of \d+ runs worked out", capsys.readouterr().err, re.MULTILINE)


def test_a_run_between_two_steps_leaves_the_drift_of_others(world, worked_out, monkeypatch):
    """Until a sensor's runs have grown by a step, no baseline and no older run is looked at."""
    early = limits().with_columns(settled_runs=pl.lit(2.0), settled_step=pl.lit(9.0))
    monkeypatch.setattr(given, "limits", lambda: early)
    night(world, 0)
    before = contents(world.home.published)
    worked_out.clear()
    absent = sorted(n for n in world.pool if n.startswith("ben/watch") and n not in held(world))
    world.put(absent[-1], world.pool[absent[-1]])
    night(world, 1)
    assert len(worked_out["decay"]) == len(worked_out["run_pattern"]) == 1
    assert not {"baseline", "origin", "bin_wander"} & worked_out.keys()
    found = contents(world.home.published)
    assert found["metric_noise"] == before["metric_noise"]
    assert found["run_change"] != before["run_change"]
    shutil.rmtree(world.home.kept)
    night(world, 1)
    assert contents(world.home.published) == found


def held(world):
    return {str(p.relative_to(world.home.raw)) for p in world.held()}


def test_what_passes_leaves_nothing(world):
    """Tables that only others are made from stand in no file, also where only a reader is stale."""
    path = next(p for p in world.held(".csv") if p.parent.name == "anna" and "strength" in p.name)
    path.write_text(path.read_text() + "2026-05-28,18:00,hip thrust,3,8,60,,,,,\n")
    night(world, 0)
    with duckdb.connect(str(world.home.kept / "tables.duckdb"), read_only=True) as connection:
        names = {
            n for (n,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }
    assert {"form_value", "noise_part"} <= names
    assert not {"form_step", "change_noise", "told_change"} & names


def test_what_many_stages_read_is_hashed_once(world, monkeypatch):
    """The parts that units have in a table are hashed for the first stage that asks, for all."""
    hashed: list[tuple[str, str]] = []
    plain = Unitwise._rows_hashed

    def counted(self, stage, name, now):
        sql = plain(self, stage, name, now)
        if sql is not None:
            hashed.append((stage.unit, name))
        return sql

    monkeypatch.setattr(Unitwise, "_rows_hashed", counted)
    world.said["anna"] = "mass_kg = 58\n"
    night(world, 0)
    assert ("athlete", "run") in hashed
    assert len(hashed) == len(set(hashed))


def test_a_gym_session_moves_no_run(world, worked_out):
    """Where only a log has changed, no run is worked out and no baseline is fitted."""
    path = next(p for p in world.held(".csv") if p.parent.name == "anna" and "strength" in p.name)
    path.write_text(path.read_text() + "2026-05-28,18:00,hip thrust,3,8,60,,,,,\n")
    night(world, 0)
    assert not {"seconds", "baseline", "bin_effect", "decay"} & worked_out.keys()
    assert worked_out["dose_estimate"] == ["anna"]


def test_a_new_mass_works_out_its_athlete_alone_and_says_so(world, worked_out, capsys):
    """What the configuration says of one athlete moves no run of another."""
    world.said["anna"] = "mass_kg = 58\nheight_m = 1.7\n"
    incremental.night(world, 0)
    assert "ben" not in worked_out["baseline"]
    assert len(worked_out["seconds"]) == 4
    assert "runs worked out" in capsys.readouterr().err


def test_a_new_program_works_out_everything_and_says_why(world, worked_out, monkeypatch, capsys):
    """Another text of a model is another table: all that follows from it is made, and said."""
    plain = building.sql_models

    def changed(connection, parser):
        return [replaced(m) if m.name == "sample_gait" else m for m in plain(connection, parser)]

    monkeypatch.setattr(building, "sql_models", changed)
    incremental.night(world, 0)
    assert "the model sample_gait changed" in capsys.readouterr().err
    assert len(max(worked_out.values(), key=len)) > 3


def replaced(model):
    from dataclasses import replace

    return replace(model, sql=f"{model.sql}\n-- in other words\n")


@pytest.fixture(scope="module")
def ends(begun, tmp_path_factory):
    """What one store's tables come to after each mishap to what stood, and in the end from nothing.

    One home goes through all: a build cut off, an earlier published file put back, damage.
    """
    start, pool = begun
    root = tmp_path_factory.mktemp("mishaps") / "home"
    shutil.copytree(start, root)
    world = World(Home(root), pool, random.Random(1))
    before = world.home.published.read_bytes()
    for name in sorted(pool)[1::2][:2]:
        world.put(name, pool[name])
    ends = {}
    for mishap in (cut_off, put_back, damaged, from_nothing):
        mishap(world, before)
        night(world, 1)
        ends[mishap.__name__] = contents(world.home.published)
    return ends


def cut_off(world, _before):
    calls = iter(range(1_000_000))
    plain = Workshop.make

    def make(self, model, sql):
        if next(calls) == 30:
            raise KeyError("cut off")
        plain(self, model, sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workshop, "make", make)
        with pytest.raises(KeyError):
            night(world, 1)


def put_back(world, before):
    world.home.published.chmod(0o600)
    world.home.published.write_bytes(before)


def damaged(world, _before):
    kept = world.home.kept / "tables.duckdb"
    content = bytearray(kept.read_bytes())
    content[4096 : 4096 + 20_000] = bytes(20_000)
    kept.write_bytes(bytes(content))


def from_nothing(world, _before):
    shutil.rmtree(world.home.kept)


def differing(ends, mishap):
    """Return the tables that differ from those of a build from nothing, on the same day."""
    found, wanted = ends[mishap], ends["from_nothing"]
    assert found.keys() == wanted.keys()
    return sorted(name for name in found if found[name] != wanted[name])


def test_a_build_that_was_cut_off_leaves_nothing_false(ends):
    """Where a build ends halfway, the next one is that from nothing."""
    assert differing(ends, "cut_off") == []


def test_a_published_file_of_before_is_no_basis(ends):
    """Where an earlier file was put back, nothing is built upon what it does not hold."""
    assert differing(ends, "put_back") == []


def test_what_is_kept_may_be_damaged(ends):
    """Kept tables that cannot be read cost time, no more."""
    assert differing(ends, "damaged") == []


GROUPED = re.compile(r"\.(group_by|unique)\(")


@pytest.mark.parametrize("layer", ["estimate", "matching"])
def test_groups_and_unions_keep_their_order(layer):
    """Rows of frames stand in one order, so that sums over them come out alike to the last bit."""
    for path in sorted((SOURCE / layer).glob("*.py")):
        text = path.read_text("utf-8")
        for match in re.finditer(r"\.(group_by|join|unique)\(", text):
            called = arguments(text, match.end())
            of_frames = match[1] == "group_by" or "on=" in called or (
                match[1] == "unique"
                and "select(" in text[text.rfind("\n", 0, match.start()) : match.start()]
            )  # fmt: skip
            if of_frames and not re.search(r'how="(semi|anti|cross)"', called):
                assert "maintain_order=" in called, f"{path.name}: .{match[1]}({called})"


def arguments(text, start):
    depth, at = 1, start
    while depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return text[start : at - 1]
