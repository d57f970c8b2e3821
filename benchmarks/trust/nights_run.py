"""One night without Prefect, in this process: what the flow does, step by step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.trust.small_home import NOW, SETTINGS
from carryover import app, tally
from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.nights import Night


def night(home: Home) -> None:
    """Run a whole night at a fixed instant, each step told; raises what its steps raise."""
    with home.night_lock(), Night(home) as record:
        with _step(record, "find"):
            plan = app.find(home, SETTINGS)
        with _step(record, "read"):
            for batch in plan.batches:
                app.read_in(home, SETTINGS, batch)
        with _step(record, "ledger"):
            app.finish_ingest(home, SETTINGS, plan)
        with _step(record, "build"):
            app.build_and_publish(home, SETTINGS, now=NOW)
        with _step(record, "render"):
            app.render(home, SETTINGS, now=NOW)
        record.tell(tally.files_on_disk(home))


def night_told(root: str, told: str = os.devnull) -> None:
    """Run a night as a program would: leave with its exit code, an own error told in one line."""
    sys.stderr = Path(told).open("w")  # noqa: SIM115 - until the process ends
    try:
        night(Home(Path(root)))
    except CarryoverError as error:
        sys.stderr.write(f"carryover: {error}\n")
        sys.exit(int(error.exit_code))


def night_unasked(root: str, told: str) -> None:
    """Run a night that does not ask for room before its steps: it runs into the full disk."""
    app.room_for_reading = app.room_for_building = lambda *_: None  # type: ignore[assignment]
    app.publish = _marked("publish", app.publish)
    night_told(root, told)


def _marked(name: str, work: Callable[..., None]) -> Callable[..., None]:
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        sys.stderr.write(f"step {name}\n")
        work(*args, **kwargs)

    return run


@contextmanager
def _step(record: Night, name: str) -> Iterator[None]:
    sys.stderr.write(f"step {name}\n")
    with record.step(name):
        yield
