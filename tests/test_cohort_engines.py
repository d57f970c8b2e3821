"""One cohort, the same numbers on every engine, and what a lost worker costs: nothing but time."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from carryover import app
from carryover.cohort import coordinator
from carryover.cohort.coordinator import Cohort, Report
from carryover.cohort.order import Done
from carryover.cohort.store import open_store
from carryover.cohort.unit import work
from carryover.errors import CarryoverError, SettingsError
from carryover.settings import Scale
from dask_cluster import Cluster, cluster
from made_cohort import NOW, made_cohort, names

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]

N = 2


def group_of(root: Path, store: Path) -> Cohort:
    made_cohort(root, N, f'store = "{store}"')
    group = Cohort.of(*app.open_home(root))
    coordinator.put(group)
    return group


def on_engine(group: Cohort, scale: Scale) -> tuple[dict, Report]:
    """Run every unit on an engine; return each athlete's table hashes, and the report."""
    from pipelines.cohort import run_units

    report = Report(N)

    def told(athlete, result):
        if isinstance(result, BaseException):
            report.failed[athlete] = repr(result)
        else:
            report.outcomes.append(result)

    run_units(scale, coordinator.orders(group, NOW), told)
    return hashes(group), report


def hashes(group: Cohort) -> dict[str, dict[str, str]]:
    store = open_store(group.store)
    done = {name: Done.read(store, name) for name in names(N)}
    return {name: told.tables for name, told in done.items() if told}


@pytest.fixture(scope="module")
def usual(prefect_server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What Prefect's processes make of every athlete."""
    folder = tmp_path_factory.mktemp("usual")
    group = group_of(folder / "home", folder / "store")
    found, report = on_engine(group, Scale(engine="processes", workers=2))
    assert report.failed == {}
    return found


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory):
    with cluster(tmp_path_factory.mktemp("dask"), 2) as held:
        yield held


def test_a_killed_worker_costs_its_unit_a_second_try(
    prefect_server, tmp_path, usual, dask: Cluster
):
    """Of two workers one is killed in the middle of an athlete: all are done, numbers the same."""
    group = group_of(tmp_path / "home", tmp_path / "store")
    killed = []

    def kill() -> None:
        victim = dask.one_at_work()
        victim.process.kill()
        killed.append(victim)

    killer = threading.Thread(target=kill)
    killer.start()
    found, report = on_engine(group, Scale(engine="dask", address=dask.address))
    killer.join()
    assert killed[0].process.wait() == -9
    assert report.failed == {}
    assert found == usual
    assert not list((tmp_path / "store").rglob("*.part"))


def test_processes_come_to_the_same(tmp_path, usual):
    """Prefect's processes make of an athlete what this process makes without any engine."""
    group = group_of(tmp_path / "home", tmp_path / "store")
    order = coordinator.orders(group, NOW)[0]
    work(order)
    assert usual.keys() == set(names(N))
    assert hashes(group) == {order.athlete_id: usual[order.athlete_id]}


def test_an_engine_that_is_not_there_is_told(monkeypatch):
    """A scheduler that does not answer, Dask that is not installed: told, with the remedy."""
    from pipelines import engines

    monkeypatch.setattr(engines, "PATIENCE", "1s")
    with pytest.raises(CarryoverError, match="dask scheduler"):
        engines.runner_of(Scale(engine="dask", address="tcp://127.0.0.1:9"))
    with (
        pytest.raises(CarryoverError, match="prefect server start"),
        engines.server_for(Scale(engine="dask", address="tcp://10.0.0.5:8786")),
    ):
        pass
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with pytest.raises(SettingsError, match=r"pip install 'carryover\[cohort\]'"):
        engines.runner_of(Scale(engine="dask"))
