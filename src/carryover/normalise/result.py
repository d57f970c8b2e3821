"""What normalised files are: frames of the canonical vocabulary, ready to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from carryover import columns
from carryover.rawfile import Problem

Row = dict[str, Any]

FILE: Final = "file"
"""Column of a batch's frames: which of its files a row is from, counted from 0."""

DEVICE: dict[str, pl.DataType] = {
    "activity_id": pl.String(),
    "device_index": pl.String(),
    "device_type": pl.String(),
    "manufacturer": pl.String(),
    "product": pl.String(),
    "serial": pl.String(),
    "firmware": pl.String(),
}
"""Grain: one device a recording names."""

DEVELOPER_FIELD: dict[str, pl.DataType] = {
    "activity_id": pl.String(),
    "application_id": pl.String(),
    "name": pl.String(),
    "units": pl.String(),
    "channel": pl.String(),
    "n_values": pl.Int64(),
    "message": pl.String(),
    "used_as": pl.String(),
    "min_value": pl.Float64(),
    "median_value": pl.Float64(),
    "max_value": pl.Float64(),
    "first_text": pl.String(),
}
"""Grain: one developer field of one recording and message; `channel` is null where none is filled.

A field that is declared without any value has no message. The watch's own channels that gave way
to a pod's are listed, too, as those of the application `native`.
"""

DEVELOPER_SERIES: dict[str, pl.DataType] = {
    "activity_id": pl.String(),
    "application_id": pl.String(),
    "name": pl.String(),
    "units": pl.String(),
    "elapsed_s": pl.List(pl.Float64()),
    "value": pl.List(pl.Float64()),
}
"""Grain: one numeric developer field of one recording that fills no channel: values as declared.

`elapsed_s` is the time since the first record; both lists are of one length and without nulls.
"""

TABLES: dict[str, dict[str, pl.DataType]] = {
    "activity": columns.ACTIVITY,
    "sample": columns.SAMPLE,
    "lap": columns.LAP,
    "device": DEVICE,
    "developer_field": DEVELOPER_FIELD,
    "developer_series": DEVELOPER_SERIES,
    "strength_session": columns.STRENGTH_SESSION,
    "strength_set": columns.STRENGTH_SET,
    "wellness": columns.WELLNESS,
    "screening": columns.SCREENING,
    "strava_activity": columns.STRAVA_ACTIVITY,
}
"""Every table that a file can fill, and its columns."""


@dataclass(slots=True)
class Told:
    """What a person should know about one file, and how many rows each table got of it."""

    problems: list[Problem] = field(default_factory=list)
    partial: bool = False
    rows: dict[str, int] = field(default_factory=dict)

    def count(self, table: str, n: int) -> None:
        """Note that a table got n rows more."""
        if n:
            self.rows[table] = self.rows.get(table, 0) + n


@dataclass(slots=True)
class Normalised:
    """One file: frames by table (see TABLES) and what a person should know about it."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    partial: bool = False

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows to a table, in its columns."""
        shaped = columns.shaped(frame, TABLES[table])
        held = self.frames.get(table)
        self.frames[table] = shaped if held is None else pl.concat([held, shaped])

    def add_issues(self, issues: pl.DataFrame) -> None:
        """Take over what a strength source says a person should know."""
        self.problems.extend(
            Problem(row["severity"], f"{row['subject']}: {row['what']}", row["remedy"] or "")
            for row in issues.iter_rows(named=True)
        )

    def rows(self, table: str) -> int:
        """Return how many rows a table got."""
        return self.frames[table].height if table in self.frames else 0


@dataclass(frozen=True, slots=True)
class Batched:
    """Several files: one frame a table, TABLES' columns behind `file`, and what each file told.

    Rows stand in the order of the files. A table that got no rows has no frame.
    """

    frames: dict[str, pl.DataFrame]
    files: list[Told]

    def alone(self) -> Normalised:
        """Return a batch of one file as that file."""
        (told,) = self.files
        frames = {name: frame.drop(FILE) for name, frame in self.frames.items()}
        return Normalised(frames, told.problems, told.partial)


class Ledger:
    """A batch in the making: rows by table, and what each file told."""

    def __init__(self, n_files: int) -> None:
        self.files = [Told() for _ in range(n_files)]
        self._rows: dict[str, list[Row]] = {}

    def add(self, table: str, file: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows of one file to a table; columns that a row lacks are null."""
        if rows:
            self._rows.setdefault(table, []).extend({**row, FILE: file} for row in rows)
            self.files[file].count(table, len(rows))

    def batched(self, frames: Mapping[str, pl.DataFrame]) -> Batched:
        """Return the batch; `frames` are tables that were not built row by row."""
        for told in self.files:
            # Hundreds of recordings of one file may each tell the same.
            told.problems = list(dict.fromkeys(told.problems))
        built = {table: _frame(rows, TABLES[table]) for table, rows in self._rows.items()}
        return Batched(
            built | {name: held for name, held in frames.items() if held.height}, self.files
        )


def _frame(rows: list[Row], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    shape = {FILE: pl.UInt32(), **schema}
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in shape}, schema=shape)
