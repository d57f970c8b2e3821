"""What the columns of the strength apps' exports hold, and what to say where they hold else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.catalogue.months import plain
from carryover.csv_text import Fault
from carryover.decode.app_times import read_clock, read_length

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN: Final = "Export it again from the app."

UNITS: Final = {
    name: unit
    for unit, names in {
        "kg": "kg kgs kilogram kilograms kilogramm kilo kilos chilogrammi quilogramas кг",
        "lb": "lb lbs pound pounds pfund livre livres libra libras libbre pond",
    }.items()
    for name in names.split()
}
"""How units of weight are written."""

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: what it becomes, and how.

    `parse` takes its name, a text that is not empty and whether commas are decimal; what cannot
    be read costs the line where a column is `hard`, else only the value.
    """

    fields: dict[str, pl.DataType]
    parse: Callable[[str, str, bool], Values]
    hard: bool = False


def text(name: str) -> Column:
    """Return the column of a text, kept as it is."""
    return Column({name: pl.String()}, lambda column, cell, _: {column: cell})


def clock(name: str, *, hard: bool) -> Column:
    """Return the column of a date and time: `name_day`, and `name_clock` or null."""

    def parse(column: str, cell: str, _: bool) -> Values:  # noqa: FBT001 - one shape for all
        day, time = read_clock(column, cell)
        return {f"{column}_day": day, f"{column}_clock": time}

    return Column({f"{name}_day": pl.Date(), f"{name}_clock": pl.Time()}, parse, hard)


def length(name: str) -> Column:
    """Return the column of a length of time, in seconds."""
    return Column({name: pl.Float64()}, lambda column, cell, _: {column: read_length(column, cell)})


def number(name: str, high: float, *, hard: bool = False) -> Column:
    """Return the column of a number from 0 to `high`."""

    def parse(column: str, cell: str, comma: bool) -> Values:  # noqa: FBT001 - as above
        return {column: _number(column, cell, high, comma=comma)}

    return Column({name: pl.Float64()}, parse, hard)


def unit_of_weight(name: str) -> Column:
    """Return the column of a unit of weight, as kg or lb."""

    def parse(column: str, cell: str, _: bool) -> Values:  # noqa: FBT001 - as above
        unit = UNITS.get(bare(cell))
        if not unit:
            raise Fault(f"{column} {cell!r} is neither kg nor lbs", AGAIN)
        return {column: unit}

    return Column({name: pl.String()}, parse, hard=True)


def bare(heading: str) -> str:
    """Reduce a heading to its words, without case, accents and signs."""
    return " ".join(re.findall(r"[^\W_]+", plain(heading)))


def _number(name: str, cell: str, high: float, *, comma: bool) -> float:
    match = re.fullmatch(r"([+-]?\d+)(?:([.,])(\d+))?", cell, re.ASCII)
    if not match:
        raise Fault(f"{name} {cell!r} is no number", AGAIN)
    whole, mark, decimals = match.groups()
    if mark == "," and not comma and len(decimals) == 3:  # noqa: PLR2004 - thousands
        raise Fault(f"{name} {cell!r} may be thousands or decimals", "Write it without the comma.")
    value = float(f"{whole}.{decimals or 0}")
    if not 0 <= value <= high:
        raise Fault(f"{name} {cell} lies outside 0 to {high:g}", "Mend it in the app.")
    return value
