"""One night without Prefect, in this process: what the flow does, step by step."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.trust.small_home import NOW, SETTINGS
from carryover import app, tally
from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.nights import Night


def night(home: Home) -> None:
    """Run a whole night at a fixed instant; raises what its steps raise."""
    with home.night_lock(), Night(home) as told:
        with told.step("find"):
            plan = app.find(home, SETTINGS)
        with told.step("read"):
            for batch in plan.batches:
                app.read_in(home, SETTINGS, batch)
        with told.step("ledger"):
            app.finish_ingest(home, SETTINGS, plan)
        with told.step("build"):
            app.build_and_publish(home, SETTINGS, now=NOW)
        with told.step("render"):
            app.render(home, SETTINGS, now=NOW)
        told.tell(tally.files_on_disk(home))


def night_told(root: str, told: str = os.devnull) -> None:
    """Run a night as a program would: leave with its exit code, an own error told in one line."""
    sys.stderr = Path(told).open("w")  # noqa: SIM115 - until the process ends
    try:
        night(Home(Path(root)))
    except CarryoverError as error:
        sys.stderr.write(f"carryover: {error}\n")
        sys.exit(int(error.exit_code))
