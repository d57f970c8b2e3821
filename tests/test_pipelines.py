"""The nightly flow on a real Prefect server: one night, no overlap, artifact, no server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carryover.cli import app as commands
from carryover.errors import CarryoverError, DatabaseBusyError, ExitCode, NightRunningError
from carryover.home import Home
from carryover.nights import STEPS, nights
from carryover.report import Report

pytestmark = pytest.mark.prefect

GPX = """<?xml version="1.0"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="test">
<trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>"""
POINT = (
    '<trkpt lat="{lat:.6f}" lon="8.5"><ele>400</ele>'
    "<time>2026-05-04T06:{m:02d}:{s:02d}Z</time></trkpt>"
)


def made(root: Path) -> Home:
    """Return a home with one good run, its copy and an empty file."""
    where = Home(root)
    where.prepare()
    points = "".join(
        POINT.format(lat=47 + t * 2.7e-5, m=t // 60, s=t % 60) for t in range(0, 20 * 60, 2)
    )
    (where.raw / "run.gpx").write_text(GPX.format(points=points))
    (where.raw / "run copy.gpx").write_text(GPX.format(points=points))
    (where.raw / "empty.fit").write_bytes(b"")
    return where


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home before its first night."""
    return made(tmp_path / "home")


def night(home: Home):
    from pipelines.nightly import nightly

    return nightly(str(home.root))


def artifact() -> str:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return str(client.request("GET", "/artifacts/night/latest").json()["data"])


@dataclass(frozen=True)
class Done:
    """A home after its first night: what the night said, and how often a reader was started."""

    home: Home
    report: Report
    artifact: str
    n_readers: int


@pytest.fixture(scope="module")
def done(prefect_server, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A home after a first night of as many batches as it has files."""
    from carryover import app
    from carryover.apart import start

    started = []
    begin = start.subprocess.Popen

    def counted(command, *args, **kwargs):
        if start.MAIN in command:
            started.append(command)
        return begin(command, *args, **kwargs)

    home = made(tmp_path_factory.mktemp("done") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(start.subprocess, "Popen", counted)
        patch.setattr(app, "BATCH_BYTES", 0)
        report = night(home)
    return Done(home, report, artifact(), len(started))


def test_one_night_does_everything_and_tells_it(done):
    """A night loads what is good, sets the rest aside, publishes, renders and says all of it."""
    assert done.report.statuses == {"loaded": 1, "rejected": 1}
    assert done.home.published.exists()
    assert (done.home.site / "index.html").exists()
    assert "1 loaded, 1 rejected" in done.artifact
    assert "| empty.fit | rejected | the file is empty | 1 |" in done.artifact
    assert "| run copy.gpx | loaded |  | 2 |" in done.artifact
    sum_told = "3 found = 1 loaded + 1 duplicate + 0 partial + 1 rejected + 0 unsupported"
    assert sum_told in done.artifact
    row, *_ = nights(done.home).to_dicts()
    assert (row["state"], row["n_found"], row["n_new"], row["n_loaded"]) == ("ok", 3, 2, 1)
    assert sum(row[f"{step}_s"] for step in STEPS) <= row["wall_s"]


def test_one_process_reads_the_whole_night(done):
    """However many batches a night has, the process that reads them is started once."""
    assert done.n_readers == 1


def test_a_second_night_changes_nothing(done):
    """A second night over the same files reads nothing and leaves the published file alone."""
    before = done.home.published.stat().st_mtime_ns
    report = night(done.home)
    assert (report.read, report.built, report.pages) == (0, False, 0)
    assert done.home.published.stat().st_mtime_ns == before


def test_nights_never_overlap(prefect_server, home):
    """While one night holds a home, another one ends at once and touches nothing."""
    with home.night_lock(), pytest.raises(NightRunningError):
        night(home)
    assert not home.published.exists()
    assert nights(home).is_empty()


def test_a_night_that_fails_says_why(prefect_server, home):
    """A night over a wrong configuration leaves its record, with the reason in one line."""
    (home.root / "carryover.toml").write_text("[atlete]\n")
    with pytest.raises(CarryoverError):
        night(home)
    [row] = nights(home).to_dicts()
    assert row["state"] == "failed"
    assert "atlete" in row["reason"]
    assert row["n_loaded"] is None


def test_only_passing_faults_are_tried_again():
    """A busy database is tried again; a wrong file or a wrong configuration never is."""
    import asyncio

    from prefect.states import Completed, exception_to_failed_state

    from pipelines.steps import is_passing

    def after(error: BaseException) -> bool:
        state = asyncio.run(exception_to_failed_state(error))
        return is_passing(None, None, state)

    assert after(DatabaseBusyError("another program is writing"))
    assert after(OSError(11, "try again"))
    assert not after(OSError(28, "no space left"))
    assert not after(CarryoverError("the tables contradict themselves"))
    assert not is_passing(None, None, Completed(data=1))


def test_serve_without_a_server_says_so(home, monkeypatch):
    """`serve` against a server that is not there fails within 30 s and names the remedy."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    begun = time.monotonic()
    done = CliRunner().invoke(commands, ["serve", "--home", str(home.root)])
    assert done.exit_code == ExitCode.FAILED
    assert "prefect server start" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - begun < 30
