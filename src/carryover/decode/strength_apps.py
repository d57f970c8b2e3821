"""Exports of the strength apps Hevy and Strong (CSV): one row a set, in the app's own words.

Known by their header, under any file name. Cells may hold line breaks in quotes. Nothing is
converted: a weight stands in the column of its unit, without one in `weight`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.csv_text import (
    Fault,
    Header,
    Record,
    check_names,
    few,
    head_text,
    read_header,
    records,
    table_lines,
    text_of,
)
from carryover.decode.app_cells import (
    AGAIN,
    UNITS,
    Column,
    bare,
    clock,
    length,
    number,
    text,
    unit_of_weight,
)
from carryover.decode.logs import ROW
from carryover.decode.recording import Recording
from carryover.errors import DecodeError
from carryover.rawfile import FileKind, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_KG: Final = 1000
MAX_LB: Final = 2200
MAX_REPS: Final = 1000
MAX_KM: Final = 500
DAY_S: Final = 86_400
HALF: Final = 0.5
ONES: Final = 20
"""Names of columns that a message lists at most."""

HEVY: Final[dict[str, Column]] = {
    "title": text("title"),
    "start_time": clock("start_time", hard=True),
    "end_time": clock("end_time", hard=False),
    "description": text("description"),
    "exercise_title": text("exercise_title"),
    "superset_id": text("superset_id"),
    "exercise_notes": text("exercise_notes"),
    "set_index": number("set_index", MAX_REPS),
    "set_type": text("set_type"),
    "weight_kg": number("weight_kg", MAX_KG, hard=True),
    "weight_lbs": number("weight_lbs", MAX_LB, hard=True),
    "reps": number("reps", MAX_REPS, hard=True),
    "distance_km": number("distance_km", MAX_KM),
    "distance_miles": number("distance_miles", MAX_KM),
    "duration_seconds": number("duration_seconds", DAY_S, hard=True),
    "rpe": number("rpe", 10),
}
STRONG: Final[dict[str, Column]] = {
    "workout_number": text("workout_number"),
    "date": clock("date", hard=True),
    "workout_name": text("workout_name"),
    "duration": length("duration"),
    "exercise_name": text("exercise_name"),
    "set_order": text("set_order"),
    "weight": number("weight", MAX_LB, hard=True),
    "weight_kg": number("weight_kg", MAX_KG, hard=True),
    "weight_lb": number("weight_lb", MAX_LB, hard=True),
    "weight_unit": unit_of_weight("weight_unit"),
    "reps": number("reps", MAX_REPS, hard=True),
    "rpe": number("rpe", 10),
    "distance": number("distance", MAX_KM * 1000),
    "distance_unit": text("distance_unit"),
    "seconds": number("seconds", DAY_S, hard=True),
    "notes": text("notes"),
    "workout_notes": text("workout_notes"),
}


@dataclass(frozen=True, slots=True)
class App:
    """One app's export: its name, columns, those it cannot do without, those that mark it."""

    name: str
    columns: Mapping[str, Column]
    needed: tuple[str, ...]
    marks: frozenset[str]
    known: Callable[[str], str | None]
    """From a column's heading to its name in `columns`; None for one that is not known."""


@cache
def _strong_aliases() -> dict[str, str]:
    table = files("carryover.catalogue").joinpath("strong_header.csv").read_text("utf-8")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return {bare(row["alias"]): row["column"] for row in csv.DictReader(lines)}


def _hevy_column(heading: str) -> str | None:
    name = "_".join(bare(heading.replace("_", " ")).split())
    return name if name in HEVY else None


def _strong_column(heading: str) -> str | None:
    """Return what a heading means in any language; `Weight (kg)` is a column of its own."""
    parted = re.fullmatch(r"(.+?)\s*[(\[](.*)[)\]]", heading)
    column = _strong_aliases().get(bare(parted[1] if parted else heading))
    if column != "weight" or not parted:
        return column
    unit = UNITS.get(bare(parted[2]))
    return f"weight_{unit}" if unit else None


APPS: Final = {
    FileKind.HEVY_CSV: App(
        "Hevy", HEVY, ("start_time", "exercise_title", "reps"),
        frozenset({"exercise_title", "set_type", "superset_id", "set_index"}), _hevy_column,
    ),
    FileKind.STRONG_CSV: App(
        "Strong", STRONG, ("date", "exercise_name", "set_order", "reps"),
        frozenset({"set_order", "workout_name"}), _strong_column,
    ),
}  # fmt: skip


def sniff_app(head: bytes) -> FileKind | None:
    """Return which app's export begins like this: half of its columns known, one that marks it."""
    try:
        header = read_header(head_text(head))
    except DecodeError:
        return None
    for kind, app in APPS.items():
        known = {app.known(heading) for heading in header.columns} - {None}
        if known & app.marks and len(known) >= max(HALF * len(header.columns), len(app.needed)):
            return kind
    return None


def decode_app(content: bytes, kind: FileKind, place: str = "") -> Recording:
    """Decode an app's export; its frame is the message `row`, one row a record, with its line.

    Columns and types are those of the app, absent ones null. Raises DecodeError for bytes that
    are no text and for a header in which a column is missing that is needed.
    """
    app = APPS[kind]
    body, problems = text_of(content, place)
    header = read_header(body, place)
    names = _names(app, header, place)
    reader = _Reader(app, header, names)
    for record in records(table_lines(body, place), header):
        reader.read(record)
    strange = [h for h, name in zip(header.columns, names, strict=True) if name is None]
    if strange:
        what = f"columns that are not known are left out: {', '.join(strange[:ONES])}"
        problems.append(Problem("info", what, ""))
    schema: dict[str, pl.DataType] = {"line": pl.Int64()}
    for column in app.columns.values():
        schema |= column.fields
    frame = pl.DataFrame(reader.rows, schema=schema)
    check_names((row.get(app.needed[1]) for row in reader.rows), place)
    problems += [*few(reader.faults), *reader.left_out()]
    return Recording(kind, {ROW: frame}, problems, complete=not reader.faults)


def _names(app: App, header: Header, place: str) -> list[str | None]:
    """Return the name of each column; raises DecodeError where one is missing or told twice."""
    names = [app.known(heading) for heading in header.columns]
    where = f"line {header.n_lines}"
    found = ", ".join(header.columns[:ONES])
    missing = [name for name in app.needed if name not in names]
    if missing:
        raise DecodeError(
            f"this looks like an export of {app.name}, but {' and '.join(missing)} cannot be told "
            f"among its columns ({found}); needed are {', '.join(app.needed)}",
            subject=place, place=where, remedy="Set the app to English and export again.",
        )  # fmt: skip
    for name in names:
        if name and names.count(name) > 1:
            raise DecodeError(
                f"two columns mean {name} ({found})", subject=place, place=where,
                remedy="Keep one of them.",
            )  # fmt: skip
    for heading, name in zip(header.columns, names, strict=True):
        base = _strong_column(heading.partition("(")[0].strip())
        if name is None and app.columns is STRONG and base == "weight":
            raise DecodeError(
                f"the unit of {heading!r} is not known", subject=place, place=where,
                remedy="Name the column Weight (kg) or Weight (lbs).",
            )  # fmt: skip
    return names


@dataclass(slots=True)
class _Reader:
    """An export on its way: rows, and what could not be read of it."""

    app: App
    header: Header
    names: list[str | None]
    rows: list[dict[str, object]] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    spoilt: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Column → what stood in its cells that could not be read, with its line."""

    def read(self, record: Record) -> None:
        """Read one record into a row, or say why not."""
        try:
            row = self._row(record)
        except Fault as fault:
            self.faults.append(fault.told(record.number, record.line))
            return
        if row:
            self.rows.append({"line": record.number, **row})

    def left_out(self) -> list[Problem]:
        """Return a line for each column of which single values were left out."""
        return [
            Problem("info", f"{len(held)} values of {name} are left out: {held[0]}", AGAIN)
            for name, held in self.spoilt.items()
        ]

    def _row(self, record: Record) -> dict[str, object]:
        if isinstance(record.cells, Fault):
            raise Fault("the file is cut off in it", AGAIN) if record.is_cut else record.cells
        cells = [cell.strip() for cell in record.cells]
        if not any(cells):
            return {}
        if record.is_cut:
            raise Fault("the file is cut off in it", AGAIN)
        if len(cells) > self.header.width:
            n, known = len(cells), len(self.header.columns)
            raise Fault(f"it has {n} cells under {known} columns", AGAIN)
        row: dict[str, object] = {}
        for name, cell in zip(self.names, cells, strict=False):
            if name and cell:
                row |= self._values(name, cell, record.number)
        self._check(row)
        return row

    def _values(self, name: str, cell: str, number: int) -> dict[str, object]:
        column = self.app.columns[name]
        try:
            return column.parse(name, cell, self.header.delimiter != ",")
        except Fault as fault:
            if column.hard:
                raise
            self.spoilt[name].append(f"{fault.what} (line {number})")
            return {}

    def _check(self, row: dict[str, object]) -> None:
        for name in self.app.needed[:2]:
            if not any(row.get(known) is not None for known in self.app.columns[name].fields):
                raise Fault(f"{name} is empty", AGAIN)
