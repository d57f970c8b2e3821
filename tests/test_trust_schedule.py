"""A schedule on Prefect: killed, switched off, without its server; the trials' short form."""

from __future__ import annotations

import datetime as dt
import http.server
import os
import random
import re
import threading
import time
from pathlib import Path

import pytest

from benchmarks.trust import schedule
from benchmarks.trust.served import Served, add_run
from benchmarks.trust.trial import Trial
from carryover.errors import CarryoverError, NightRunningError
from carryover.warehouse.connect import open_database

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def place(prefect_server, tmp_path_factory: pytest.TempPathFactory):
    """A schedule of its own on the tests' server; what one test leaves is there for the next."""
    from prefect.settings import PREFECT_API_URL

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_RUNNER_POLL_FREQUENCY", "5")  # half the usual wait for each run
        with Served(tmp_path_factory.mktemp("served"), PREFECT_API_URL.value()) as held:
            yield held


@pytest.fixture(scope="module")
def lived(place):
    """The schedule on after its night was killed and five were missed, and what was wrong then."""
    before = os.umask(0o022)
    try:
        place.start_serve()
        return schedule.killed_and_days_off(place, 1, random.Random(1))
    finally:
        os.umask(before)


def test_one_home_has_one_schedule(place):
    """A second schedule of a home ends with a code of its own; another home has another name."""
    from pipelines.serve import deployment_name, serve

    with place.home.serve_lock():
        with pytest.raises(NightRunningError, match="another `carryover serve`"):
            serve(place.home.root, "30 4 * * *", "Europe/Zurich", begun=pytest.fail)
        with pytest.raises(NightRunningError), place.home.serve_lock():
            pass
    with place.home.serve_lock():
        pass
    names = {deployment_name(Path(p)) for p in ("/a/runs", "/b/runs", "/b/läufe 50%/x")}
    assert len(names) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names)


def test_a_schedule_that_was_killed_goes_on_after_days(place, lived):
    """Killed in the middle of a night and off for five days: one night completes all the work."""
    assert lived == []
    made = [place.home.published, place.home.store, place.home.site / "index.html"]
    assert [oct(path.stat().st_mode & 0o077) for path in made] == ["0o0"] * len(made)


def test_prefect_is_told_no_place_and_keeps_no_result(place, lived):
    """What nights leave on the server holds no position, and no result of a step is kept."""
    import httpx

    from pipelines import nightly, tasks

    api = place.api
    told = [
        httpx.post(f"{api}/logs/filter", json={"limit": 200}, timeout=60).text,
        httpx.post(f"{api}/artifacts/filter", json={}, timeout=60).text,
        httpx.post(f"{api}/flow_runs/filter", json={}, timeout=60).text,
        httpx.post(f"{api}/task_runs/filter", json={}, timeout=60).text,
    ]
    assert any("run 2.gpx" in text or "1 loaded" in text or "2 loaded" in text for text in told)
    points = re.compile(r"(?<![:\d])47\.0[0-3]\d{2,}")
    assert points.search((place.home.raw / "run 2.gpx").read_text())
    assert not [text for text in told if points.search(text)]
    steps = (tasks.find, tasks.read, tasks.finish, tasks.build, tasks.render)
    assert [step.persist_result for step in (nightly.nightly, *steps)] == [False] * 6


def test_a_run_that_finds_a_night_at_it_is_no_failure(place, lived):
    """While a home is held, a scheduled run is cancelled and says why; what runs is not touched."""
    from pipelines.serve import deployment_name
    from pipelines.tidy import tidy

    with place.home.night_lock():
        run = place.order(dt.datetime.now(dt.UTC))
        assert place.ended(run) == "CANCELLED"
        running = place.order(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
        place.set_state(running, "RUNNING")
        tidy(place.home, deployment_name(place.home.root))
        assert place.state(running) == "RUNNING"
    tidy(place.home, deployment_name(place.home.root))
    assert place.state(running) == "CRASHED"


def test_a_schedule_that_is_stopped_stands(place, lived):
    """Stopped as a service manager does it, a schedule stays active on the server, as asked for."""
    assert place.stop_serve() == 0
    held = place.deployment()
    [told] = [s["schedule"] for s in held["schedules"]]
    assert (told["cron"], told["timezone"]) == ("30 4 29 2 *", "Europe/Zurich")
    assert (held["paused"], [s["active"] for s in held["schedules"]]) == (False, [True])


class _Answers(http.server.BaseHTTPRequestHandler):
    """Says yes to everything, as other programs on a port do."""

    body = b"{}"

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args):
        pass


@pytest.mark.parametrize("body", [b"{}", b"true", b"<html>", b'"2.20.0"', b"\xff"])
def test_what_is_not_prefect_is_told_apart(body):
    """A program of another kind on the server's port, or another Prefect, is no server of ours."""
    from pipelines.serve import _require_server

    kind = type("Answers", (_Answers,), {"body": body})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(CarryoverError, match=r"not Prefect|that server is Prefect"):
            _require_server(f"http://127.0.0.1:{other.server_port}/api")
        other.shutdown()


@pytest.mark.parametrize("api", ["http://127.0.0.1:9/api", "soon", "http://[::1", "ftp://x/api"])
def test_an_address_where_nobody_is_ends_at_once(api):
    """No server, or no address at all: an error that names it, and what to type."""
    from pipelines.serve import _require_server

    begun = time.monotonic()
    with pytest.raises(CarryoverError, match="prefect server start"):
        _require_server(api)
    assert time.monotonic() - begun < 30


def test_a_runner_that_no_longer_polls_ends_the_schedule(monkeypatch, capsys):
    """Where polls stay away the process ends with an error; one that polls lives on."""
    from pipelines import serve

    class Ended(BaseException):
        """Where the process would have ended."""

    class Runner:
        """Polls forty times, then no more."""

        query_seconds = 0.1
        n_asked = 0

        @property
        def last_polled(self):
            self.n_asked += 1
            return min(self.n_asked, 40)

    def end(code):
        raise Ended(code)

    monkeypatch.setattr(serve, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(serve.os, "_exit", end)
    runner = Runner()
    with pytest.raises(Ended, match="1"):
        serve._watch(runner, "api")
    assert runner.n_asked > 40
    assert "has not answered" in capsys.readouterr().err


def test_a_trial_that_goes_wrong_is_told():
    """A try that fails or hangs makes a trial unclean; one without tries is none."""

    def hangs(number: int) -> list[str]:
        raise TimeoutError(f"waited {number}")

    assert schedule.counted("x", ("S3",), 2, lambda _: []).is_clean
    assert not schedule.counted("x", ("S3",), 1, lambda _: ["lost"]).is_clean
    assert schedule.counted("x", ("S3",), 2, hangs).hung == 2
    assert not Trial(("S3",), "x", 0).is_clean


def test_what_lacks_in_the_warehouse_is_told(tmp_path):
    """A file that a night has not brought into the warehouse counts as lost work."""
    served = Served(tmp_path)
    with open_database(served.home.published) as connection:
        connection.execute("create table source_file as select 'run 1.gpx' path, 'loaded' status")
    add_run(served.home, 1)
    assert schedule._all_loaded(served) == []
    add_run(served.home, 2)
    assert schedule._all_loaded(served) == ["not in the warehouse: ['run 2.gpx']"]
