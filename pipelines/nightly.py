"""The nightly flow: ingest → build → audit → estimate → publish → render."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import deployment
from prefect.states import Cancelled

from carryover import app, tally
from carryover.apart.reader import Apart
from carryover.apart.start import Started
from carryover.errors import NightRunningError
from carryover.finds import Plan
from carryover.home import Home
from carryover.mending import aside_notes
from carryover.nights import Night
from carryover.report import Report
from pipelines import tasks


@flow(
    name="nightly", description="A home's whole night, once.", validate_parameters=False,
    persist_result=False,
)  # fmt: skip
def nightly(home: str) -> Report:
    """Run one night over a home; raises NightRunningError where another one is at it.

    On a schedule that is no fault: the run is then cancelled, and says so.
    """
    root = Path(home).resolve()
    try:
        return _night(root)
    except NightRunningError as taken:
        if deployment.id is None:
            raise
        # Prefect takes a state that a flow returns for the run's own.
        return Cancelled(message=f"{taken.what}: this run leaves it")  # type: ignore[return-value]


def _read(root: Path, plan: Plan, process: Started) -> None:
    _, settings = app.open_home(root)
    with Apart(settings, process) as reader:
        for batch in plan.batches:
            tasks.read(root, batch, reader)


def _night(root: Path) -> Report:
    where = Home(root)
    with where.night_lock(), Night(where) as night:
        # One process reads for the whole night; it loads while files are looked for.
        with Started() as process:
            with night.step("find"):
                plan = tasks.find(root)
            with night.step("read"):
                _read(root, plan, process)
        with night.step("ledger"):
            report = tasks.finish(root, plan)
        night.found(report.found, report.read, len(report.unreadable))
        with night.step("build"):
            report.built = tasks.build(root)
        with night.step("render"):
            report.pages = tasks.render(root)
        report.notes = aside_notes(where, night.started_at)
        did = bool(report.read or report.forgotten or report.built or report.pages)
        night.tell(tally.files_on_disk(where), changed=did)
    get_run_logger().info("; ".join(report.lines()))
    create_markdown_artifact(tally.artifact(root, report), key="night", description="What came in")
    return report
