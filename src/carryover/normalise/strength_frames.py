"""What strength sessions of every origin share: their frames, keys and kinds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns
from carryover.catalogue import exercises

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carryover.rawfile import Problem

Row = dict[str, Any]

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

    activation: every set is a drill of that kind by the catalogue, none has a load, and the
    session is not known to last over 20 minutes; hill_strides: every set is one; else strength.
    """
    hints = _kind_hints()
    kinds = {hints.get(row["exercise_id"], "strength") for row in sets}
    if kinds == {"hill_strides"}:
        return "hill_strides"
    loaded = any(row["weight_kg"] for row in sets)
    long = duration_s is not None and duration_s > ACTIVATION_MAX_S
    return "activation" if kinds == {"activation"} and not loaded and not long else "strength"


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
