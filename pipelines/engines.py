"""The engines of a cohort: Prefect's own task runners, and the server that their workers need."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from carryover.errors import CarryoverError, SettingsError
from carryover.settings import Scale
from pipelines.local import is_local

LOCAL = {"host": "127.0.0.1", "threads_per_worker": 1, "dashboard_address": None}


def runner_of(scale: Scale) -> TaskRunner[Any]:
    """Return the task runner of an engine; raises SettingsError where it is not installed."""
    if scale.engine == "local":
        return ThreadPoolTaskRunner(max_workers=1)
    if scale.engine == "processes":
        return ProcessPoolTaskRunner(max_workers=scale.workers)
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            "Dask is not installed", subject='[scale] engine = "dask"',
            remedy="Install it, here and on all workers: `pip install 'carryover[cohort]'`.",
        ) from error  # fmt: skip
    if scale.address:
        return DaskTaskRunner(address=scale.address, client_kwargs={"timeout": "30s"})
    return DaskTaskRunner(cluster_kwargs={"n_workers": scale.workers, **LOCAL})


@contextlib.contextmanager
def server_for(scale: Scale) -> Iterator[None]:
    """Give this process and its workers one Prefect server: left alone each would start its own.

    Raises CarryoverError where workers elsewhere could not reach it.
    """
    api = PREFECT_API_URL.value()
    if scale.address and not _is_here(scale.address) and (not api or is_local(api)):
        raise CarryoverError(
            "workers on other machines need a Prefect server that they reach",
            subject="PREFECT_API_URL",
            remedy="Run `prefect server start --host 0.0.0.0` in your own network and name it "
            "there, e.g. http://10.0.0.5:4200/api.",
        )
    if api:
        yield
        return
    from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415 - seconds

    server = SubprocessASGIServer()
    with server, temporary_settings({PREFECT_API_URL: server.api_url}):
        yield


def _is_here(address: str) -> bool:
    """Return whether a scheduler's address is this machine's own."""
    return is_local(address if "://" in address else f"tcp://{address}")
