"""The steps of a night as Prefect tasks: each takes paths and returns paths or numbers."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from carryover import app
from carryover.apart.reader import Apart
from carryover.errors import DatabaseBusyError
from carryover.finds import Plan
from carryover.report import Report

P = ParamSpec("P")
R = TypeVar("R")
PASSING = frozenset({errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ETXTBSY, errno.ESTALE})


def is_passing(_task: Any, _run: Any, state: State[Any]) -> bool:  # noqa: ANN401 - Prefect's call
    """Return whether trying again may help: a busy disk or database, never a wrong file."""
    fault = state.result(raise_on_failure=False)
    if isinstance(fault, OSError):
        return fault.errno in PASSING
    return isinstance(fault, DatabaseBusyError)


def step(*, retries: int = 0) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a task of a step: nothing of it is kept, and only what may pass is tried again."""
    return task(
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=retries,
        retry_delay_seconds=5,
        retry_condition_fn=is_passing,
    )


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
