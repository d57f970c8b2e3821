"""What a former life of a schedule left behind on the server: told for what it is, once."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed

from carryover.home import Home

AT_ONCE: Final = 200
CUT_OFF: Final = "the schedule or the machine stopped under this night"
TOO_LATE: Final = "missed while the schedule was off; the newest missed night does the work of all"


def tidy(home: Home, deployment: str) -> None:
    """Close the runs that nobody is at, and of those that are late keep the newest.

    The caller is the home's only schedule. A night that is at it, in whatever process, holds the
    home, and then nothing that runs is touched.
    """
    with get_client(sync_client=True) as client:
        try:
            found = client.read_deployment_by_name(f"nightly/{deployment}")
        except ObjectNotFound:
            return
        if not home.is_locked():
            for run in _runs(client, found.id, RUNNING):
                client.set_flow_run_state(run.id, Crashed(message=CUT_OFF), force=True)
        now = dt.datetime.now(dt.UTC)
        late = [run for run in _runs(client, found.id, WAITING) if _due(run) <= now]
        for run in sorted(late, key=_due)[:-1]:
            client.set_flow_run_state(run.id, Cancelled(message=TOO_LATE), force=True)


RUNNING: Final = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
WAITING: Final = (StateType.SCHEDULED,)


def _due(run: FlowRun) -> dt.datetime:
    """Return when a run should have begun; one that nobody timed is due at once."""
    due = run.next_scheduled_start_time or run.expected_start_time
    return due or dt.datetime.min.replace(tzinfo=dt.UTC)


def _runs(
    client: SyncPrefectClient, deployment: UUID, types: tuple[StateType, ...]
) -> list[FlowRun]:
    """Return every run of a deployment that is in one of these states."""
    found: list[FlowRun] = []
    of_these = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))
    )
    while True:
        page = client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
            flow_run_filter=of_these, sort=FlowRunSort.ID_DESC, limit=AT_ONCE,
            offset=len(found),
        )  # fmt: skip
        found += page
        if len(page) < AT_ONCE:
            return found
