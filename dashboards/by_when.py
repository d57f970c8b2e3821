"""What is missing for a verdict, as a date."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import long_day
from carryover.estimate.gate import MIN_SWITCHES, MIN_WEEKS, min_runs
from carryover.plan.model import MIN_BLOCK_WEEKS

if TYPE_CHECKING:
    from datetime import date

OPEN: Final = "not enough data"
NO_DATE: Final = "no date can be named yet"


def by_when(row: dict[str, Any] | None, today: date, *, since: date | None) -> str:
    """Return when an open answer may be settled, as a sentence without its end; empty if it is.

    `row` of `carry_over`, None before there is any; `since`: the day from which both runs and a
    strength log are there, None while one of them is not.
    """
    if row is not None and row["verdict"] != OPEN:
        return ""
    if row is None or row["registered_version"] is None:
        return _at_least(since or today, today)
    if row["weeks_as_now"] is not None or row["plan_weeks"] is not None:
        return _settled(row, today)
    return _gate_open(row, today)


def _at_least(since: date, today: date) -> str:
    """Return the end of the least record that any verdict needs."""
    ready = since + timedelta(weeks=MIN_WEEKS)
    if ready <= today:
        return NO_DATE
    return (
        f"not before {long_day(ready)}: any verdict takes {MIN_WEEKS:.0f} weeks of runs with a "
        "strength log"
    )


def _settled(row: dict[str, Any], today: date) -> str:
    said = [
        f"about {long_day(today + timedelta(weeks=row[name]))} {how}"
        for name, how in (
            ("weeks_as_now", "going on as now"),
            ("plan_weeks", "with planned blocks (`carryover plan`)"),
        )
        if row[name] is not None
    ]
    return ", or ".join(said)


def _gate_open(row: dict[str, Any], today: date) -> str:
    """Return when weeks, runs and changes could be there; no date where something else lacks."""
    weeks, runs = row["n_weeks"] or 0.0, row["n_runs"] or 0
    missing_runs = min_runs(row["metric"], row["outcome"]) - runs
    changes = MIN_SWITCHES - (row["n_switches"] or 0)
    waits = [MIN_WEEKS - weeks, changes * MIN_BLOCK_WEEKS]
    if missing_runs > 0:
        if weeks <= 0 or runs <= 0:
            return NO_DATE
        waits.append(missing_runs * weeks / runs)
    longest = math.ceil(max(waits))
    if longest <= 0:
        return NO_DATE
    blocks = f" and blocks of {MIN_BLOCK_WEEKS} weeks" if changes > 0 else ""
    return (
        f"not before {long_day(today + timedelta(weeks=longest))}, with as many runs a week as so "
        f"far{blocks}"
    )
