"""One night without Prefect, in this process: what the flow does, step by step."""

from __future__ import annotations

import contextlib
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

At = Callable[[str], None]
"""Called with the name of each step as it begins."""


def told_step(name: str) -> None:
    """Tell on standard error which step begins."""
    sys.stderr.write(f"step {name}\n")


def night(home: Home, at: At = told_step) -> None:
    """Run a whole night at a fixed instant; raises what its steps raise."""
    with home.night_lock(), Night(home) as record:
        with _step(record, "find", at):
            plan = app.find(home, SETTINGS)
        with _step(record, "read", at):
            for batch in plan.batches:
                app.read_in(home, SETTINGS, batch)
        with _step(record, "ledger", at):
            app.finish_ingest(home, SETTINGS, plan)
        with _step(record, "build", at):
            app.build_and_publish(home, SETTINGS, now=NOW)
        with _step(record, "render", at):
            app.render(home, SETTINGS, now=NOW)
        record.tell(tally.files_on_disk(home))


def night_told(root: str, told: str = os.devnull, at: At = told_step) -> None:
    """Run a night as a program would: leave with its exit code, an own error told in one line."""
    sys.stderr = Path(told).open("w")  # noqa: SIM115 - until the process ends
    try:
        night(Home(Path(root)), at)
    except CarryoverError as error:
        sys.stderr.write(f"carryover: {error}\n")
        sys.exit(int(error.exit_code))


def night_unasked(root: str, told: str, at: At = told_step) -> None:
    """Run a night that does not ask for room before its steps: it runs into the full disk."""
    app.room_for_reading = app.room_for_building = lambda *_: None  # type: ignore[assignment]
    app.publish = _marked("publish", app.publish, at)
    night_told(root, told, at)


def night_filled(root: str, told: str, step: str) -> None:
    """Run a night during which somebody else fills the disk as one of its steps begins."""

    def at(name: str) -> None:
        told_step(name)
        if name == step:
            fill(Path(root).parent / "others")

    night_unasked(root, told, at)


def fill(file: Path) -> None:
    """Write a file until the disk is full."""
    with file.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(bytes(4096)):
            pass


def _marked(name: str, work: Callable[..., None], at: At) -> Callable[..., None]:
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        at(name)
        work(*args, **kwargs)

    return run


@contextmanager
def _step(record: Night, name: str, at: At) -> Iterator[None]:
    at(name)
    with record.step(name):
        yield
