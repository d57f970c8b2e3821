"""What a normalised file is: frames of the canonical vocabulary, ready to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from carryover import columns
from carryover.rawfile import Problem

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
}
"""Grain: one developer field of one recording; `channel` is null where we do not use it."""

TABLES: dict[str, dict[str, pl.DataType]] = {
    "activity": columns.ACTIVITY,
    "sample": columns.SAMPLE,
    "lap": columns.LAP,
    "device": DEVICE,
    "developer_field": DEVELOPER_FIELD,
    "strength_session": columns.STRENGTH_SESSION,
    "strength_set": columns.STRENGTH_SET,
    "wellness": columns.WELLNESS,
    "screening": columns.SCREENING,
}
"""Every table that a file can fill, and its columns."""


@dataclass(slots=True)
class Normalised:
    """Frames by table (see TABLES) and what a person should know about the file."""

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

    def holds(self, table: str, values: Mapping[str, Any]) -> bool:
        """Return whether a table has a row with these values (null is a value, too)."""
        if table not in self.frames:
            return False
        same = [pl.col(name).eq_missing(value) for name, value in values.items()]
        return not self.frames[table].filter(*same).is_empty()

    def rows(self, table: str) -> int:
        """Return how many rows a table got."""
        return self.frames[table].height if table in self.frames else 0
