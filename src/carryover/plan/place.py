"""Where plans lie: `plan.csv`, `plan.ics` in the home; `plan.anna.csv` where several live there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from carryover.errors import SettingsError, UsageError
from carryover.plan.calendar_file import calendar_text
from carryover.plan.file import plan_text, read_plan
from carryover.plan.model import Plan

MAX_BYTES: Final = 1 << 20
"""No plan is longer; a longer file is none."""


def plan_path(home: Path, everyone: Sequence[str], athlete: str) -> Path:
    """Return the place of an athlete's plan."""
    return home / ("plan.csv" if len(everyone) == 1 else f"plan.{athlete}.csv")


def plan_of(home: Path, everyone: Sequence[str], athlete: str) -> Plan | None:
    """Return an athlete's plan; None where there is no file.

    Raises SettingsError for one that cannot be read, or that is another athlete's.
    """
    path = plan_path(home, everyone, athlete)
    try:
        # A file that is longer than any plan is cut, and breaks its seal.
        plan = read_plan(path.read_bytes()[:MAX_BYTES].decode("utf-8"), str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(
            f"it cannot be read: {error.strerror}", subject=str(path), remedy="Check its rights."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"this is no plan: {error}", subject=str(path),
            remedy="Move the file away and run `carryover plan`.",
        ) from error  # fmt: skip
    if plan.athlete_id != athlete:
        raise SettingsError(
            f"this plan is of {plan.athlete_id!r}, not of {athlete!r}", subject=str(path),
            remedy="Move the file away and run `carryover plan`.",
        )  # fmt: skip
    return plan


def write_plan(path: Path, plan: Plan, *, replaces: Plan | None) -> list[Path]:
    """Write `plan.csv` and `plan.ics`; return the files written.

    A plan that is there is kept beside it, under the date on which it was made; what it drew is
    named in the new one. Raises UsageError where a file is there that `replaces` does not name.
    """
    if path.exists():
        kept = _aside(path, refuse_none(path, replaces))
        path.rename(kept)
        plan = replace(plan, replaces=kept.name)
    calendar = path.with_suffix(".ics")
    for place, text in ((path, plan_text(plan)), (calendar, calendar_text(plan))):
        fresh = place.with_name(f".{place.name}.new")
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    return [path, calendar]


def refuse_none(path: Path, replaces: Plan | None) -> Plan:
    """Return the plan that is to be laid aside; raises UsageError where nobody asked for that."""
    if replaces is None:
        raise UsageError(
            "there is a plan already", subject=str(path),
            remedy="Add --replace to lay it aside; it is kept under its date.",
        )  # fmt: skip
    return replaces


def _aside(path: Path, plan: Plan) -> Path:
    """Return a name for a plan that is laid aside: its date, and a number where that is taken."""
    stem = f"{path.stem}-{plan.made_on}"
    names = [stem, *(f"{stem}-{k}" for k in range(2, 1000))]
    places = (path.with_name(f"{name}{path.suffix}") for name in names)
    return next(place for place in places if not place.exists())
