"""What tests share: the corpus of real files, and Hypothesis's patience."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong; and where many wait for one answer, chance has no place.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

CORPUS = Path(
    os.environ.get("CARRYOVER_CORPUS", Path(__file__).parents[1] / ".." / "shared" / "corpus")
).resolve()


LONG = (
    "trust_crash", "trust_privacy", "forget", "cohort_engines", "trust_schedule", "incremental",
    "site_interaction", "trust_identity", "trust_worker", "warehouse_night", "schedule",
    "pipelines", "site", "site_browser", "supply", "trust_pages", "trust_disk", "recovery",
    "report", "one_run", "decode_fit", "round_trip", "own_names", "gym_visits",
    "registrations_file", "developer_fields", "cohort", "end_to_end", "audits", "coach", "kinds",
    "sql_models", "corpus", "demo", "negative_cases", "opening", "late_and_sides", "exports",
)  # fmt: skip
"""Files of tests that take longest, the longest first: where two run side by side, none is left
for the end, while the other process has nothing to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; each file's own order stays."""
    places = {f"test_{name}": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window; without it the test is skipped, but never in CI.

    One a module: while it is open its event loop runs, and Prefect could not start its own.
    """
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser: Any) -> Any:
    """One page that stays open for all tests of a module: a window costs more than what it shows.

    Who uses it sets its size and colours, and leaves it at about:blank.
    """
    return browser.new_context(reduced_motion="reduce").new_page()


@pytest.fixture(scope="session", autouse=True)
def _lent_readers() -> Iterator[None]:
    """Whatever reads a home in this process does so in one other that stays.

    What is tried of that process itself has its own (`test_worker.py`, `test_trust_worker.py`).
    """
    from lent_reader import lent_readers

    with lent_readers():
        yield


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files; without it the test is skipped, but never in CI."""
    if not (CORPUS / "MANIFEST.csv").exists():
        missing = f"no corpus of real files at {CORPUS}; set CARRYOVER_CORPUS"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return CORPUS


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's without a row, to be copied: making one takes ten seconds."""

    def make(folder: Path) -> Path:
        subprocess.run(
            [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
            env=os.environ | {"PREFECT_HOME": str(folder), "DO_NOT_TRACK": "1"},
            check=True, capture_output=True,
        )  # fmt: skip
        return folder / "prefect.db"

    return made_once(tmp_path_factory, "prefect", make)


@pytest.fixture(scope="session")
def prefect_server(
    prefect_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """One Prefect server for all that need one: it takes half a minute to start."""
    import pipelines  # noqa: F401 - its settings come before Prefect's import

    from prefect.testing import utilities  # isort: skip

    place = tmp_path_factory.mktemp("server")
    shutil.copy(prefect_database, place / "prefect-test.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utilities, "mkdtemp", lambda: str(place))
        with utilities.prefect_test_harness(server_startup_timeout=180):
            yield


Made = TypeVar("Made")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """Return what `make(folder)` gives: the first process that asks makes it, others are told."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = factory.getbasetemp() if alone else factory.getbasetemp().parent
    told = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            (shared / name).mkdir()
            told.write_bytes(pickle.dumps(make(shared / name)))
    made: Made = pickle.loads(told.read_bytes())
    return made


@pytest.fixture(scope="session")
def twelve_weeks(tmp_path_factory: pytest.TempPathFactory):
    """A home with a demo of twelve weeks, read and published; not to be changed."""
    return made_once(tmp_path_factory, "twelve", _twelve_weeks)


def _twelve_weeks(folder: Path) -> Any:
    from carryover import app
    from carryover.demo import write_demo

    write_demo(folder / "home", weeks=12, seed=3, end_date=date(2026, 5, 29))
    home, settings = app.open_home(folder / "home")
    app.ingest(home, settings)
    app.build_and_publish(home, settings)
    return home


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory):
    """What homes of the trials come to whose nights nothing disturbs, nor lack room."""
    from benchmarks.trust.killed_nights import undisturbed
    from benchmarks.trust.nights_run import night
    from carryover.home import Home

    def make(folder: Path):
        return undisturbed(folder, lambda root: night(Home(Path(root))) or 0)

    return made_once(tmp_path_factory, "calm", make)


@pytest.fixture(scope="module")
def begin():
    """Starts processes of whole nights."""
    from benchmarks.trust.processes import starter

    with starter(ahead=0) as held:
        yield held
