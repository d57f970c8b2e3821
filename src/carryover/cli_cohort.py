"""`carryover cohort`: every athlete's night on an engine, and the warehouse of all of them."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told
from carryover.errors import CarryoverError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carryover.cohort.coordinator import Cohort, Report
    from carryover.cohort.order import Order, Outcome


@told
def cohort(
    home: HomeOption = HERE,
    put: Annotated[
        bool, typer.Option("--put", help="First copy this home's data/raw/ into the store.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Make every athlete anew, whatever is done.")
    ] = False,
    drop: Annotated[
        str | None,
        typer.Option("--drop", metavar="ATHLETE", help="Only delete somebody's results."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the night of every athlete on the engine of [scale], and publish them together.

    Who has nothing new is left as they are. An athlete that fails is told with the reason, the
    others go on; the exit code is then 1. Setting it up: docs/cohort.md. Examples:

    `carryover cohort --home lab`

    `carryover cohort --home lab --put` after new files came into data/raw/ here
    """
    from carryover import app as work
    from carryover.cohort import coordinator

    where, settings = work.open_home(home)
    with where.night_lock():
        group = coordinator.Cohort.of(where, settings)
        if drop is not None:
            coordinator.drop(group, drop)
            say(f"{drop}: results deleted from {group.store}; files stay")
            return
        if put:
            say(f"{coordinator.put(group):,} files copied to {group.raw}")
        report = run(group, dt.datetime.now(dt.UTC), again=again)
    if as_json:
        say(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        for line in report.lines():
            say(line)
        say(f"warehouse   {where.published}")
        say(f"dashboards  {where.site / 'index.html'}")
        say(f"results     {group.store}")
    if report.failed:
        raise typer.Exit(ExitCode.FAILED)


def run(group: Cohort, now: dt.datetime, *, again: bool = False) -> Report:
    """Run the cohort's night once, the home's lock held, and leave its record."""
    from carryover import tally
    from carryover.cohort import coordinator
    from carryover.nights import Night

    report = coordinator.Report(len(group.people))
    with Night(group.home) as night:
        with night.step("find"):
            orders = coordinator.orders(group, now, again=again)
        with night.step("build"):
            if orders:
                _units(group, orders, report)
        with night.step("render"):
            coordinator.finish(group, report, now)
        changed = report.published or bool(report.failed)
        if group.home.published.exists():
            night.tell(tally.files_on_disk(group.home), changed=changed)
    return report


def _units(group: Cohort, orders: Sequence[Order], report: Report) -> None:
    """Have the orders done, with a bar; the report takes down what each came to."""
    from carryover.progress import bar

    scale = group.settings.scale
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    sys.stderr.write("starting Prefect, half a minute at most …\n")
    from pipelines.cohort import run_units
    from pipelines.local import on_this_machine

    with on_this_machine(), bar(f"athletes ({scale.engine})", len(orders), "athletes") as advance:

        def ended(athlete_id: str, result: Outcome | BaseException) -> None:
            if isinstance(result, BaseException):
                report.failed[athlete_id] = _why(result)
            else:
                report.outcomes.append(result)
            advance(1, athlete_id)

        run_units(scale, orders, ended)


def _why(error: BaseException) -> str:
    """Return a fault in one line, with what may help."""
    if isinstance(error, CarryoverError):
        return str(error)
    text = next((line for line in str(error).splitlines() if line.strip()), "")
    lost = "its worker was lost again and again: too little memory? "
    is_lost = type(error).__name__ in {"KilledWorker", "BrokenProcessPool"}
    return f"{lost if is_lost else ''}{type(error).__name__}: {text}".rstrip(": ")
