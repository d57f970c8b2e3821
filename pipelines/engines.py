"""The engines of a cohort: Prefect's own task runners, and the server that their workers need."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any, Final

from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from carryover.errors import CarryoverError, SettingsError
from carryover.settings import Scale
from pipelines.local import is_local

PATIENCE: Final = "10s"
WORKERS_PATIENCE_S: Final = 60.0
LOCAL: Final = {"host": "127.0.0.1", "threads_per_worker": 1, "dashboard_address": None}


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
    # A lost worker is told by its athletes; all else is Dask talking to itself.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scale.address:
        _require_workers(scale.address)
        return DaskTaskRunner(address=scale.address)
    return DaskTaskRunner(cluster_kwargs={"n_workers": scale.workers, **LOCAL})


def _require_workers(address: str) -> None:
    """Raise CarryoverError where no scheduler with workers answers: all would wait for ever."""
    from distributed import Client  # noqa: PLC0415 - an extra

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CarryoverError(
            "no Dask scheduler answers there", subject=address,
            remedy="Start one with `dask scheduler`, or mend [scale] address.",
        ) from error  # fmt: skip
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_PATIENCE_S)
        except TimeoutError as error:
            raise CarryoverError(
                "this Dask scheduler has no worker", subject=address,
                remedy=f"Start some: `dask worker {address} --nthreads 1`.",
            ) from error  # fmt: skip


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
