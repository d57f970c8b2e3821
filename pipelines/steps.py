"""How a step becomes a task. Light to import: a scheduler that only hands tasks on does so, too."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from carryover.errors import DatabaseBusyError

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
