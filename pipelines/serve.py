"""The schedule: `carryover serve` keeps the nightly flow on its clock."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.types.entrypoint import EntrypointType

from carryover.errors import CarryoverError
from pipelines.nightly import nightly

LOCAL_API = "http://127.0.0.1:4200/api"
PATIENCE_S = 10.0


def serve(home: Path, cron: str, timezone: str) -> None:
    """Serve the flow until stopped; raises CarryoverError where no Prefect server answers.

    Nights of one home never overlap: the flow holds the home's lock, and a second one ends.
    """
    api = os.environ.get("PREFECT_API_URL") or PREFECT_API_URL.value() or LOCAL_API
    _require_server(api)
    with temporary_settings({PREFECT_API_URL: api}):
        nightly.serve(
            name="nightly",
            schedule=Cron(cron, timezone=timezone),
            parameters={"home": str(home)},
            limit=1,
            pause_on_shutdown=False,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )


def _require_server(api: str) -> None:
    try:
        httpx.get(f"{api}/health", timeout=PATIENCE_S).raise_for_status()
    except httpx.HTTPError as error:
        raise CarryoverError(
            "no Prefect server answers there", subject=api,
            remedy="Start one in another terminal: `prefect server start`.",
        ) from error  # fmt: skip
