"""The steps of a night as Prefect tasks: each takes paths and returns paths or numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from carryover import app
from carryover.apart.reader import Apart
from carryover.finds import Plan
from carryover.report import Report
from pipelines.steps import step


@step(retries=2)
def find(home: Path) -> Plan:
    """List files and batch the new ones."""
    return app.find(*app.open_home(home))


@step(retries=2)
def read(home: Path, batch: list[Any], reader: Apart | None = None) -> None:
    """Read one batch into the store: one transaction; `reader` is a process that waits for it."""
    app.read_in(*app.open_home(home), batch, reader)


@step()
def finish(home: Path, plan: Plan) -> Report:
    """Compare the ledger with the disk."""
    return app.finish_ingest(*app.open_home(home), plan)


@step(retries=1)
def build(home: Path) -> bool:
    """Build, audit, estimate, publish."""
    return app.build_and_publish(*app.open_home(home), now=dt.datetime.now(dt.UTC))


@step()
def render(home: Path) -> int:
    """Draw the pages."""
    return app.render(*app.open_home(home), now=dt.datetime.now(dt.UTC))
