"""What can be entered by hand, each as rows of one of the athlete's three logs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from carryover.catalogue import match_name, nearest_names
from carryover.catalogue.names import NO_NAMES, Own
from carryover.catalogue.spelling import plain_name
from carryover.errors import UsageError
from carryover.logbook.log_file import Value, append
from carryover.logbook.moment import When, local_clock
from carryover.rawfile import FileKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carryover.settings import Athlete

DRILL_MINUTES: Final = 10.0
"""Activation drills take 10 to 15 minutes; the shorter where nobody says."""


@dataclass(frozen=True, slots=True)
class Drills:
    """Where activation drills were logged, and when they began."""

    path: Path
    when: When


def log_strength(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    exercise: str | None = None,
    sets: int | None = None,
    reps: int | None = None,
    weight_kg: float | None = None,
    side: str | None = None,
    rpe: float | None = None,
    duration_min: float | None = None,
    kind: str | None = None,
    notes: str | None = None,
    force: bool = False,
    own: Own = NO_NAMES,
) -> Path:
    """Append a row to the athlete's strength.csv and return its path.

    `when` is a date, or a time of day (naive: the athlete's own clock; else converted to it).
    Raises UsageError for a value out of range, for a row that tells nothing, and for an
    exercise that neither the catalogue nor `own` (exercises.csv) knows, unless `force` is given.
    """
    if exercise and not force:
        _refuse_unknown(exercise, own)
    day, time = local_clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "time": time, "exercise": exercise, "sets": sets, "reps": reps,
        "weight_kg": weight_kg, "side": side, "rpe": rpe, "duration_min": duration_min,
        "kind": kind, "notes": notes,
    }  # fmt: skip
    return append(raw_dir / athlete.folder, FileKind.STRENGTH_CSV, [row])


def log_activation(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When | None,
    now: dt.datetime,
    minutes: float = DRILL_MINUTES,
    exercises: Sequence[str] = (),
    notes: str | None = None,
    force: bool = False,
    own: Own = NO_NAMES,
) -> Drills:
    """Append activation drills to the athlete's strength.csv: a session's row, and one a drill.

    `when` is their begin; without one they have ended at `now` (aware). Raises UsageError as
    `log_strength` does; of several rows all are written or none.
    """
    if not force:
        for exercise in exercises:
            _refuse_unknown(exercise, own)
    begun = when if when is not None else now - dt.timedelta(minutes=minutes)
    day, time = local_clock(begun, athlete)
    shared: dict[str, Value] = {"date": day, "time": time, "kind": "activation"}
    session: dict[str, Value] = {**shared, "duration_min": minutes, "notes": notes}
    drills: list[dict[str, Value]] = [{**shared, "exercise": name} for name in exercises]
    rows = [session, *drills]
    return Drills(append(raw_dir / athlete.folder, FileKind.STRENGTH_CSV, rows), begun)


def log_pain(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    site: str | None = None,
    side: str | None = None,
    pain: float | None = None,
    stiffness: float | None = None,
    notes: str | None = None,
) -> Path:
    """Append a row to the athlete's wellness.csv and return its path; 0–10, 0 means none.

    Raises UsageError for a value out of range and for a side that contradicts the site's.
    """
    day, _ = local_clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "site": site, "side": side, "pain_0_10": pain, "stiffness_0_10": stiffness,
        "notes": notes,
    }  # fmt: skip
    return append(raw_dir / athlete.folder, FileKind.WELLNESS_CSV, [row])


def log_screening(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    test: str,
    score: float,
    side: str | None = None,
    unit: str | None = None,
    notes: str | None = None,
) -> Path:
    """Append a row to the athlete's screening.csv and return its path.

    Raises UsageError for a unit that does not go with the test and a score that it cannot have.
    """
    day, _ = local_clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "test": test, "side": side, "score": score, "unit": unit, "notes": notes,
    }  # fmt: skip
    return append(raw_dir / athlete.folder, FileKind.SCREENING_CSV, [row])


def log_single_leg(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    test: str,
    left: float,
    right: float,
    unit: str | None = None,
    notes: str | None = None,
) -> Path:
    """Append both sides of a test to the athlete's screening.csv, or neither; return its path."""
    day, _ = local_clock(when, athlete)
    rows: list[dict[str, Value]] = [
        {"date": day, "test": test, "side": side, "score": score, "unit": unit, "notes": notes}
        for side, score in (("left", left), ("right", right))
    ]
    return append(raw_dir / athlete.folder, FileKind.SCREENING_CSV, rows)


def _refuse_unknown(exercise: str, own: Own) -> None:
    if plain_name(exercise) in own or match_name(exercise) is not None:
        return
    near = nearest_names(exercise)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(
        f"the exercise {exercise!r} is not in the catalogue",
        remedy=f"{hint}Use --force to log it as it stands; it then counts as no exercise.",
    )
