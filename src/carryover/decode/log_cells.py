"""What each column of the own logs may hold, and what to say where it holds something else."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.catalogue.body_sites import place_of
from carryover.catalogue.screening_tests import match_test, name_of, ranges_of, unit_of
from carryover.csv_text import Fault
from carryover.rawfile import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2099
"""Beyond these a date is a slip of the pen, and one slip would stretch every calendar."""

SIDES: Final = {"left": "left", "right": "right", "both": "both", "l": "left", "r": "right"}
UNITS: Final = {
    "reps": "reps", "rep": "reps", "repetitions": "reps", "s": "s", "sec": "s", "seconds": "s",
    "kg": "kg", "lb": "lb", "lbs": "lb", "n": "N", "newton": "N", "nm/kg": "Nm/kg", "n/kg": "N/kg",
    "cm": "cm", "m": "m", "°": "°", "deg": "°", "degrees": "°", "%": "%", "points": "points",
    "score": "points", "faults": "faults",
}  # fmt: skip
"""Units of screening tests, as people write them."""
KINDS: Final = {name: name for name in ("strength", "activation", "hill_strides")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: its polars type and how a text becomes its value (None for an empty one)."""

    dtype: pl.DataType
    parse: Callable[[str, str], object]
    is_number: bool = False

    def read(self, name: str, text: str) -> object:
        """Return the value of one cell; raises Fault for a text that is none."""
        return self.parse(name, text) if text else None


@dataclass(frozen=True, slots=True)
class Log:
    """One kind of log: its columns, those it cannot do without, those that mark it."""

    cells: Mapping[str, Cell]
    needed: tuple[str, ...]
    marks: frozenset[str]
    check: Callable[[Mapping[str, object]], None]


def _date(name: str, text: str) -> dt.date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            day = dt.date.fromisoformat(text)
        except ValueError as error:
            raise Fault(f"{name} {text} is no day of the calendar", "Mend the date.") from error
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        raise Fault(f"{name} {text} lies outside {FIRST_YEAR}–{LAST_YEAR}", "Mend the year.")
    raise Fault(f"{name} {text!r} is not written as year-month-day", _iso_remedy(text))


def _iso_remedy(text: str) -> str:
    """Both readings of 05/06/2024, because only its writer knows which one is meant."""
    parts = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)
    if not parts:
        return "Write it as 2024-06-05."
    first, second, year = (int(part) for part in parts.groups())
    readings = [
        f"{year}-{month:02d}-{day:02d} if the {word} comes first"
        for day, month, word in ((first, second, "day"), (second, first, "month"))
        if 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - the calendar
    ]
    return f"Write {', or '.join(readings)}." if readings else "Write it as 2024-06-05."


def _time(name: str, text: str) -> dt.time:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    try:
        if match:
            return dt.time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        pass
    raise Fault(f"{name} {text!r} is no time of day", "Write it as 18:30.")


def _number(low: float, high: float, *, whole: bool = False) -> Cell:
    """Return the cell of a number between two limits, both included."""

    def parse(name: str, text: str) -> float | int:
        pattern = r"[+-]?\d+" if whole else r"[+-]?\d+(\.\d+)?"
        kind = "whole number" if whole else "number"
        if not re.fullmatch(pattern, text, re.ASCII):
            example = "8" if whole else "12.5"
            raise Fault(f"{name} {text!r} is no {kind}", f"Write a {kind} such as {example}.")
        value = int(text) if whole else float(text)
        if not low <= value <= high:
            raise Fault(
                f"{name} {text} lies outside {low:g} to {high:g}",
                f"Mend {name} or leave it empty.",
            )
        return value

    return Cell(pl.Int64() if whole else pl.Float64(), parse, is_number=True)


def _choice(known: Mapping[str, str]) -> Cell:
    names = list(dict.fromkeys(known.values()))

    def parse(name: str, text: str) -> str:
        word = text.casefold()
        if word in known:
            return known[word]
        near = difflib.get_close_matches(word, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Write {', '.join(names)} or nothing."
        raise Fault(f"{name} {text!r} is not known", hint)

    return Cell(pl.String(), parse)


def _require(*names: str) -> Callable[[Mapping[str, object]], None]:
    def check(row: Mapping[str, object]) -> None:
        for name in names:
            if row.get(name) is None:
                raise Fault(f"{name} is empty", f"Fill in {name}.")

    return check


def _check_strength(row: Mapping[str, object]) -> None:
    _require("date")(row)
    told = ("exercise", "sets", "reps", "rpe", "duration_min")
    if all(row.get(name) is None for name in told):
        raise Fault(
            "it tells nothing of the session", "Fill in an exercise, or rpe and duration_min."
        )
    if sum(row.get(name) is not None for name in ("weight_kg", "weight_lb", "weight")) > 1:
        raise Fault("it has two weights", "Keep one of them.")


def _check_wellness(row: Mapping[str, object]) -> None:
    _require("date")(row)
    if row.get("pain_0_10") is None and row.get("stiffness_0_10") is None:
        raise Fault("it has neither pain nor stiffness", "Fill in one of them; 0 means none.")
    site, side = row.get("site"), row.get("side")
    if side is None:
        return
    if site is None:
        raise Fault(f"it has a side ({side}) but no site", "Fill in site, such as knee.")
    own = place_of(str(site)).side
    if own not in {None, side}:
        raise Fault(f"site {site!r} contradicts side {side}", "Keep one of the two sides.")


def _check_screening(row: Mapping[str, object]) -> None:
    """A test of the catalogue has a unit that goes with it and a score that it can have."""
    _require("date", "test", "score")(row)
    test_id = match_test(str(row["test"]))
    if test_id is None:
        return
    ranges, told = ranges_of(test_id), row.get("unit")
    unit = unit_of(test_id, str(told) if told is not None else None)
    if unit is None:
        return
    if unit not in ranges:
        raise Fault(
            f"unit {unit} does not go with {name_of(test_id)}", f"Write {', '.join(ranges)}."
        )
    low, high = ranges[unit]
    if not low <= float(str(row["score"])) <= high:
        raise Fault(
            f"score {row['score']:g} lies outside {low:g} to {high:g} {unit} of {name_of(test_id)}",
            "Mend the score or its unit.",
        )


DATE: Final = Cell(pl.Date(), _date)
TEXT: Final = Cell(pl.String(), lambda _, text: text)
SIDE: Final = _choice(SIDES)
ZERO_TO_TEN: Final = _number(0, 10)

LOGS: Final[dict[FileKind, Log]] = {
    FileKind.STRENGTH_CSV: Log(
        cells={
            "date": DATE,
            "time": Cell(pl.Time(), _time),
            "exercise": TEXT,
            "sets": _number(1, 50, whole=True),
            "reps": _number(1, 1000, whole=True),
            "weight_kg": _number(0, 1000),
            "side": SIDE,
            "rpe": _number(1, 10),
            "duration_min": _number(0.1, 600),
            "kind": _choice(KINDS),
            "notes": TEXT,
            "weight_lb": _number(0, 2200),
            "weight": _number(0, 2200),
        },
        needed=("date",),
        marks=frozenset({"exercise", "sets", "reps", "rpe", "duration_min"}),
        check=_check_strength,
    ),
    FileKind.WELLNESS_CSV: Log(
        cells={
            "date": DATE,
            "site": TEXT,
            "side": SIDE,
            "pain_0_10": ZERO_TO_TEN,
            "stiffness_0_10": ZERO_TO_TEN,
            "notes": TEXT,
        },
        needed=("date",),
        marks=frozenset({"site", "pain_0_10", "stiffness_0_10"}),
        check=_check_wellness,
    ),
    FileKind.SCREENING_CSV: Log(
        cells={
            "date": DATE,
            "test": TEXT,
            "side": SIDE,
            "score": _number(-10_000, 10_000),
            "unit": _choice(UNITS),
            "notes": TEXT,
        },
        needed=("date", "test", "score"),
        marks=frozenset({"test", "score"}),
        check=_check_screening,
    ),
}
