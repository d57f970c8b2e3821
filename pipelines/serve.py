"""The schedule: `carryover serve` keeps the nightly flow on its clock."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
from prefect import __version__ as prefect_version
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.types.entrypoint import EntrypointType

from carryover.errors import CarryoverError, ExitCode
from carryover.home import Home
from pipelines.nightly import nightly
from pipelines.tidy import tidy

LOCAL_API: Final = "http://127.0.0.1:4200/api"
PATIENCE_S: Final = 10.0
LOOK_EVERY_S: Final = 5.0
POLLS_MISSED: Final = 6
"""So many polls (10 s each unless Prefect is told otherwise) may fail: a server may start anew."""


def serve(home: Path, cron: str, timezone: str, *, begun: Callable[[str], None]) -> None:
    """Serve the flow until stopped; raises CarryoverError where no Prefect server answers.

    `begun` is told the server's address once the schedule stands on it.

    Nights of one home never overlap: the flow holds the home's lock, and a second one ends.
    Prefect's own limits are not used, since their slots outlive a power cut.
    """
    api = os.environ.get("PREFECT_API_URL") or PREFECT_API_URL.value() or LOCAL_API
    _require_server(api)
    where = Home(home)
    with where.serve_lock(), temporary_settings({PREFECT_API_URL: api}):
        # Until the runner takes the signal over, a stop is a stop, too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        runner = _on_the_server(where, cron, timezone, api)
        begun(api)
        threading.Thread(target=_watch, args=(runner, api), daemon=True).start()
        asyncio.run(runner.start())


def _on_the_server(home: Home, cron: str, timezone: str, api: str) -> Runner:
    """Put a home's schedule onto the server, and return what will run it."""
    name = deployment_name(home.root)
    runner = Runner(name=name, limit=1, pause_on_shutdown=False)
    try:
        tidy(home, name)
        runner.add_flow(
            nightly,
            name=name,
            schedule=Cron(cron, timezone=timezone),
            parameters={"home": str(home.root)},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    except httpx.HTTPError as error:
        raise CarryoverError(
            f"the Prefect server does not take the schedule: {_first_line(error)}", subject=api,
            remedy="Is it the one of this environment? Look at what it says.",
        ) from error  # fmt: skip
    return runner


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def deployment_name(home: Path) -> str:
    """Return a home's own name on a server: several homes may share one."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", home.name).strip("-") or "home"
    return f"{slug}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:6]}"


def _require_server(api: str) -> None:
    remedy = "Start one in another terminal: `prefect server start`."
    try:
        health = httpx.get(f"{api}/health", timeout=PATIENCE_S).raise_for_status().json()
        version = httpx.get(f"{api}/admin/version", timeout=PATIENCE_S).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CarryoverError(
            "no Prefect server answers there", subject=api, remedy=remedy
        ) from error
    except ValueError as error:
        raise CarryoverError(
            "what answers there is not Prefect", subject=api, remedy=remedy
        ) from error
    if health is not True or not isinstance(version, str):
        raise CarryoverError("what answers there is not Prefect", subject=api, remedy=remedy)
    if version.split(".")[0] != prefect_version.split(".")[0]:
        raise CarryoverError(
            f"that server is Prefect {version}, and {prefect_version} is used here",
            subject=api, remedy="Start the one of this environment: `prefect server start`.",
        )  # fmt: skip


def _watch(runner: Runner, api: str) -> None:
    """End this process where the runner no longer polls: Prefect's would stand there, and wait.

    Whole looks are counted, not the clock: a laptop that slept has missed none.
    """
    missed_s, polled = 0.0, runner.last_polled
    patience_s = POLLS_MISSED * runner.query_seconds
    while missed_s < patience_s:
        time.sleep(LOOK_EVERY_S)
        missed_s = 0.0 if runner.last_polled != polled else missed_s + LOOK_EVERY_S
        polled = runner.last_polled
    sys.stderr.write(
        f"carryover: {api}: the Prefect server has not answered for {missed_s:.0f} s, and without "
        "it no night would run. Start it, then `carryover serve` again.\n"
    )
    sys.stderr.flush()
    os._exit(ExitCode.FAILED)
