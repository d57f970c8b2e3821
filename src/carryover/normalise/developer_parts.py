"""Developer columns of a batch, cut by unit: only what has a value, as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.developer_names import DeveloperField
from carryover.normalise.traces import UNIT, Flags, Floats, Ints
from carryover.normalise.vendor import finite

RECORD: Final = "record"
MAX_TEXT: Final = 80
"""Letters of a text that are kept."""

Developer = Mapping[str, DeveloperField]
"""Column of a message → what it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit holds of one developer column.

    `rows` (n,) are rows of the message's frame, `values` theirs, none null.
    """

    message: str
    column: str
    told: DeveloperField
    rows: Ints
    values: pl.Series

    @property
    def is_numeric(self) -> bool:
        """Whether each value is one number."""
        return self.values.dtype.is_numeric()

    def numbers(self) -> Floats:
        """Return the values as an array."""
        return self.values.to_numpy()

    def among(self, chosen: Flags) -> Part:
        """Return the part with those of its values that are chosen."""
        kept = self.values.filter(pl.Series(chosen))
        return Part(self.message, self.column, self.told, self.rows[chosen], kept)

    def ordered(self, order: Ints) -> Part:
        """Return the part with its values in another order."""
        return Part(self.message, self.column, self.told, self.rows[order], self.values[order])

    def summary(self) -> dict[str, object]:
        """Return how many values there are, and what a person can tell the field by."""
        told: dict[str, object] = {"n_values": len(self.rows)}
        if self.is_numeric and len(self.rows):
            numbers = self.values.cast(pl.Float64)
            told |= {
                "min_value": numbers.min(),
                "median_value": numbers.median(),
                "max_value": numbers.max(),
            }
        elif len(self.rows):
            told["first_text"] = _text(self.values[0])
        return told


def parts(frame: pl.DataFrame, fields: Developer, message: str) -> dict[int, list[Part]]:
    """Return, by unit, the developer columns that have a value, by name of the column.

    `frame` has `unit` (rising). A number that is not finite is no value.
    """
    found: dict[int, list[Part]] = {}
    columns = sorted(column for column in fields if column in frame.columns)
    units = frame[UNIT].to_numpy().astype(np.int64) if columns else np.zeros(0, np.int64)
    for column in columns:
        held = frame[column]
        if held.dtype.is_numeric():
            held = frame.select(finite(column, held.dtype)).to_series()
        if held.null_count() == len(held):
            continue
        rows = np.flatnonzero(held.is_not_null().to_numpy())
        values = held.drop_nulls()
        owners = units[rows]
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        for begin, end in itertools.pairwise([*begins.tolist(), len(rows)]):
            part = Part(message, column, fields[column], rows[begin:end], values[begin:end])
            found.setdefault(int(owners[begin]), []).append(part)
    return found


def _text(value: object) -> str:
    if isinstance(value, pl.Series):
        return ", ".join(map(str, value.to_list()))[:MAX_TEXT]
    return str(value)[:MAX_TEXT]
