"""The nightly flow: ingest → build → audit → estimate → publish → render."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from carryover import app
from carryover.report import Report
from pipelines import tasks


@flow(name="nightly", description="A home's whole night, once.", validate_parameters=False)
def nightly(home: str) -> Report:
    """Run one night over a home; raises NightRunningError where another one is at it."""
    root = Path(home)
    with app.open_home(root)[0].night_lock():
        plan = tasks.find(root)
        for batch in plan.batches:
            tasks.read(root, batch)
        report = tasks.finish(root, plan)
        report.built = tasks.build(root)
        report.pages = tasks.render(root)
    get_run_logger().info("; ".join(report.lines()))
    create_markdown_artifact(app.artifact(root, report), key="night", description="What came in")
    return report
