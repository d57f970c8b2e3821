"""What strength sessions of every origin share: their frames, keys and kinds."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from carryover import columns
from carryover.catalogue import exercises, nearest_names
from carryover.catalogue.names import Own, identify
from carryover.csv_text import MAX_TOLD
from carryover.rawfile import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

Row = dict[str, Any]
Unit = Literal["kg", "lb"]

NOON: Final = dt.time(12)

KEY_DIGITS: Final = 16
ACTIVATION_MAX_S: Final = 20 * 60.0
"""Drills without load that last longer are a session of their own, not a warm-up (house rule)."""


@dataclass(frozen=True, slots=True)
class StrengthFrames:
    """Sessions, their sets and what a person should know, in the shapes of `columns`."""

    sessions: pl.DataFrame
    sets: pl.DataFrame
    issues: pl.DataFrame


def session_key(*parts: object) -> str:
    """Return a session's id: a hash of what does not change when its file is edited."""
    text = "|".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]


def kind_of(sets: Sequence[Row], duration_s: float | None) -> str:
    """Return the kind of a session that does not say it.

    Sets of exercises that the athlete wants ignored have no say.

    activation: every set is a drill of that kind by the catalogue, none has a load, and the
    session is not known to last over 20 minutes; hill_strides: every set is one; else strength.
    """
    hints = _kind_hints()
    counted = [row for row in sets if row["exercise_id"] or row["matched_by"] != "override"]
    kinds = {hints.get(row["exercise_id"], "strength") for row in counted}
    if kinds == {"hill_strides"}:
        return "hill_strides"
    loaded = any(row["weight_kg"] for row in sets)
    long = duration_s is not None and duration_s > ACTIVATION_MAX_S
    return "activation" if kinds == {"activation"} and not loaded and not long else "strength"


def instant(
    day: dt.date, time: dt.time | None, zone: ZoneInfo
) -> tuple[dt.datetime, Problem | None]:
    """Return the UTC instant of a wall clock, local noon where no time is known.

    An hour that spring skips is moved past the gap, and the person is told.
    """
    local = dt.datetime.combine(day, time or NOON, zone)
    there = local.astimezone(dt.UTC)
    if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return there, None
    what = f"{day} {time:%H:%M} does not exist in {zone.key} (the clocks went forward)"
    remedy = f"It is taken as {there.astimezone(zone):%H:%M}; mend the time."
    return there, Problem("info", what, remedy)


def unknown_names(names: Iterable[str | None], own: Own) -> list[Problem]:
    """Return a line for each name that no exercise goes by, with the nearest ones."""
    counts = Counter(name for name in names if name and not identify(name, own).by)
    named = counts.most_common(MAX_TOLD)
    told = [Problem("warning", _unknown(name, n), _hint(name)) for name, n in named]
    if rest := len(counts) - len(named):
        told.append(Problem("warning", f"{rest} more names are not in the catalogue", _hint("")))
    return told


def _unknown(name: str, n: int) -> str:
    return f"the exercise {name!r} is not in the catalogue ({n} {'row' if n == 1 else 'rows'})"


def _hint(name: str) -> str:
    near = nearest_names(name)
    told = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{told}Use a name of the table exercise, or say in exercises.csv what it is."


@cache
def _kind_hints() -> dict[str, str]:
    return dict(exercises().select("exercise_id", "kind_hint").iter_rows())


def issue(sha256: str, subject: str, problem: Problem) -> Row:
    """Return a problem as a row of `columns.ISSUE`."""
    return {
        "source_sha256": sha256,
        "severity": problem.severity,
        "subject": subject,
        "what": problem.what,
        "remedy": problem.remedy,
    }


def frame(rows: Sequence[Row], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Build a frame of exactly that shape; fields that a row lacks are null."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def bundle(sessions: Sequence[Row], sets: Sequence[Row], issues: Sequence[Row]) -> StrengthFrames:
    """Shape rows into frames."""
    return StrengthFrames(
        frame(sessions, columns.STRENGTH_SESSION),
        frame(sets, columns.STRENGTH_SET),
        frame(issues, columns.ISSUE),
    )
