"""A Prefect server and a `carryover serve` of their own, to be killed: a folder, a free port."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Self

import httpx
import polars as pl

from carryover.home import Home
from carryover.nights import nights
from carryover.warehouse.read import open_published

ROOT: Final = Path(__file__).parents[2]
FINAL: Final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
START_S: Final = 180.0
NIGHT_S: Final = 240.0
BUSY_S: Final = 60.0
LOOK_S: Final = 0.3
GPX: Final = (
    '<?xml version="1.0"?>\n<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" '
    'creator="trial"><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>\n'
)
POINT: Final = (
    '<trkpt lat="{lat:.6f}" lon="8.5"><ele>400</ele><time>{at:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
)


class Served:
    """A server, a home's schedule on it, and what both are doing; all of it ends with the context.

    `api`: a server that is there already; then only the schedule is ours.
    """

    def __init__(self, folder: Path, api: str | None = None) -> None:
        self.home = Home(folder / "home")
        self.home.prepare()
        self._own_server = api is None
        self.api = api or f"http://127.0.0.1:{free_port()}/api"
        self._folder = folder
        self._client = httpx.Client(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
        self._server: subprocess.Popen[bytes] | None = None
        self._serve: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._client.close()

    @property
    def server_log(self) -> str:
        """What the server has said."""
        path = self._folder / "server.log"
        return path.read_text("utf-8", errors="replace") if path.exists() else ""

    @property
    def serve_log(self) -> str:
        """What the schedule has said."""
        return (self._folder / "serve.log").read_text("utf-8", errors="replace")

    def start_server(self) -> float:
        """Start the server; return how long it took to answer."""
        port = httpx.URL(self.api).port
        begun = time.monotonic()
        self._server = self._start(
            "server.log",
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1",
             "--port", str(port)],
        )  # fmt: skip
        wait_for(self._answers, START_S, "the server")
        return time.monotonic() - begun

    def start_serve(self, *more: str) -> float:
        """Start the schedule (at a time that no trial meets); return how long it took to stand."""
        begun, now = time.monotonic(), dt.datetime.now(dt.UTC)
        log = self._folder / "serve.log"
        log.unlink(missing_ok=True)
        self._serve = self._start(
            "serve.log",
            [sys.executable, "-m", "carryover", "serve", "--home", str(self.home.root),
             "--cron", "30 4 29 2 *", "--timezone", "Europe/Zurich", *more],
        )  # fmt: skip
        wait_for(lambda: "The night of" in self.serve_log or self.gone(), START_S, "the schedule")
        wait_for(lambda: self.gone() or self._polled_since(now), START_S, "the first poll")
        return time.monotonic() - begun

    def gone(self) -> bool:
        """Return whether the schedule's process has ended."""
        return self._serve is not None and self._serve.poll() is not None

    def stop_serve(self) -> int:
        """Ask the schedule to end (SIGTERM) and return its exit code."""
        assert self._serve is not None
        self._serve.send_signal(signal.SIGTERM)
        return self._serve.wait(60)

    def kill(self, *, server: bool = True, serve: bool = True) -> None:
        """Kill -9 these and all that they have started, at once, as a power cut does."""
        chosen = [self._server if server else None, self._serve if serve else None]
        asked = [process for process in chosen if process is not None]
        for pid in [p for process in asked for p in family(process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in asked:
            process.wait(30)

    def kill_night(self) -> None:
        """Kill -9 the night alone; the schedule lives."""
        assert self._serve is not None
        for pid in [p for p in family(self._serve.pid) if p != self._serve.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def deployment(self) -> dict[str, Any]:
        """Return the home's deployment as the server has it."""
        from pipelines.serve import deployment_name  # noqa: PLC0415 - Prefect takes seconds

        name = deployment_name(self.home.root)
        return self._ask("GET", f"/deployments/name/nightly/{name}")

    def order(self, at: dt.datetime) -> str:
        """Put a run onto the schedule, as the clock does, and return its id."""
        due = {"type": "SCHEDULED", "state_details": {"scheduled_time": at.isoformat()}}
        told = self._ask(
            "POST", f"/deployments/{self.deployment()['id']}/create_flow_run", {"state": due}
        )
        return str(told["id"])

    def state(self, run: str) -> str:
        """Return the type of a run's state."""
        return str(self._ask("GET", f"/flow_runs/{run}")["state_type"])

    def set_state(self, run: str, kind: str) -> None:
        """Set a run's state, as its process would."""
        self._ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": kind}, "force": True})

    def ended(self, run: str, seconds: float = NIGHT_S) -> str:
        """Return the type of the state that a run ends in, however long (`seconds`) it takes."""
        wait_for(lambda: self.state(run) in FINAL, seconds, f"the run ({self.serve_log[-2000:]})")
        return self.state(run)

    def rows(self) -> list[dict[str, Any]]:
        """Return the home's nights, oldest first."""
        return nights(self.home).to_dicts()

    def wait_for_night(self, held: int) -> None:
        """Wait until the home has begun one more night than `held`."""
        wait_for(lambda: len(self.rows()) > held, NIGHT_S, "a night")

    def published_files(self) -> pl.DataFrame:
        """Return path and status of every file that the published warehouse tells of."""
        with open_published(self.home.published) as reader:
            return reader.frame("select path, status from source_file order by path")

    def _start(self, log: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / log).open("ab") as stream:
            return subprocess.Popen(
                command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL,
                cwd=self._folder, env=self._environment(), start_new_session=True,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        own = {
            "PREFECT_API_URL": self.api, "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }  # fmt: skip
        if self._own_server:
            own["PREFECT_HOME"] = str(self._folder / "prefect")
        return os.environ | own

    def _polled_since(self, moment: dt.datetime) -> bool:
        polled = self.deployment()["last_polled"]
        return polled is not None and dt.datetime.fromisoformat(polled) > moment

    def _answers(self) -> bool:
        try:
            return self._client.get(f"{self.api}/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401
        until = time.monotonic() + BUSY_S
        while True:
            told = self._client.request(method, f"{self.api}{path}", json=body)
            # A server whose database is busy says so, and asks to be asked again.
            if told.status_code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > until:
                break
            time.sleep(1)
        told.raise_for_status()
        answer: dict[str, Any] = told.json()
        return answer


def add_run(home: Home, number: int) -> None:
    """Put one more run of twenty minutes into a home: a day of its own for each number."""
    start = dt.datetime(2020, 1, 1, 6, tzinfo=dt.UTC) + dt.timedelta(days=number)
    points = "".join(
        POINT.format(lat=47 + t * 2.7e-5, at=start + dt.timedelta(seconds=t))
        for t in range(0, 20 * 60, 2)
    )
    (home.raw / f"run {number}.gpx").write_text(GPX.format(points=points))


def wait_for(look: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something is so; raises TimeoutError after so many seconds."""
    until = time.monotonic() + seconds
    while not look():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(LOOK_S)


def free_port() -> int:
    """Return a port of this machine that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """Return a process and all that came from it, the eldest first."""
    children: dict[int, list[int]] = {}
    for parent, child in _parents():
        children.setdefault(parent, []).append(child)
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError, ValueError, IndexError):
                after_name = (folder / "stat").read_text().rpartition(")")[2]
                yield int(after_name.split()[1]), int(folder.name)
