"""The steps of a night as Prefect tasks: each takes paths and returns paths or numbers."""

from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from carryover import app
from carryover.errors import DatabaseBusyError
from carryover.finds import Plan
from carryover.report import Report

PASSING = frozenset({errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ETXTBSY, errno.ESTALE})


def is_passing(_task: Any, _run: Any, state: State[Any]) -> bool:  # noqa: ANN401 - Prefect's call
    """Return whether trying again may help: a busy disk or database, never a wrong file."""
    fault = state.result(raise_on_failure=False)
    if isinstance(fault, OSError):
        return fault.errno in PASSING
    return isinstance(fault, DatabaseBusyError)


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=is_passing,
)
def find(home: Path) -> Plan:
    """List files and batch the new ones."""
    return app.find(*app.open_home(home))


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=is_passing,
)
def read(home: Path, batch: list[Any]) -> None:
    """Read one batch into the store: one transaction."""
    app.read_in(*app.open_home(home), batch)


@task(cache_policy=NO_CACHE, persist_result=False)
def finish(home: Path, plan: Plan) -> Report:
    """Compare the ledger with the disk."""
    return app.finish_ingest(*app.open_home(home), plan)


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
    retry_delay_seconds=5,
    retry_condition_fn=is_passing,
)
def build(home: Path) -> bool:
    """Build, audit, estimate, publish."""
    return app.build_and_publish(*app.open_home(home), now=dt.datetime.now(dt.UTC))


@task(cache_policy=NO_CACHE, persist_result=False)
def render(home: Path) -> int:
    """Draw the pages."""
    return app.render(*app.open_home(home), now=dt.datetime.now(dt.UTC))
