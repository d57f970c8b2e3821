"""Values of one field for many messages: arrays with a mark for "no value" beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.base_types import BYTE
from carryover.decode.fit.layout import Slot

Values = npt.NDArray[Any]
Marks = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
WORTH_A_STRETCH: Final = 32
"""Rows that a stretch must have on average."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One value a row (n,), or several (n, width) of which the first `length[row]` count.

    `valid` has the shape of `values`. Numbers are as they lie in the file unless `is_physical`
    says that scale and offset are applied. Text is numpy's fixed-width bytes.
    """

    values: Values
    valid: Marks
    length: npt.NDArray[np.intp] | None = None
    is_physical: bool = False

    @property
    def any_valid(self) -> Marks:
        """Rows with at least one value."""
        return self.valid if self.valid.ndim == 1 else np.asarray(self.valid.any(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The rows of a table that the messages of one layout take.

    Where they are few unbroken stretches, `stretches` pairs those of the messages with those of
    the table: copying them is several times faster than picking rows.
    """

    rows: Rows
    stretches: tuple[tuple[slice, slice], ...] = ()

    @classmethod
    def of(cls, rows: Rows) -> Places:
        """Return rows (rising) with their stretches."""
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        if len(breaks) * WORTH_A_STRETCH > len(rows):
            return cls(rows)
        begins, ends = np.append(0, breaks), np.append(breaks, len(rows))
        first = rows[begins]
        spans = zip(begins.tolist(), ends.tolist(), first.tolist(), strict=True)
        return cls(rows, tuple((slice(b, e), slice(f, f + e - b)) for b, e, f in spans))

    def put(self, target: Values, values: Values) -> None:
        """Write the values of the messages into their rows."""
        if not self.stretches:
            target[self.rows] = values
        for taken, filled in self.stretches:
            target[filled] = values[taken]


@dataclass(frozen=True, slots=True)
class Lying:
    """One field as it lies in the messages of one layout: `raw` holds them as bytes (void).

    `places` are the table's rows that the messages take (None: all of them); `wide` says that
    one value is an array of one.
    """

    places: Places | None
    raw: Values
    slot: Slot
    big_endian: bool
    wide: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether each message holds one number."""
        return self.slot.count == 1 and not self.wide and not self.slot.base.is_text

    @property
    def values(self) -> Values:
        """The numbers where they lie, in the file's byte order."""
        base, count, stride = self.slot.base, self.slot.count, self.raw.strides[0]
        order = "" if base.size_bytes == 1 else (">" if self.big_endian else "<")
        one = count == 1
        return np.ndarray(
            (len(self.raw),) if one else (len(self.raw), count),
            f"{order}{base.code}", self.raw, self.slot.offset,
            (stride,) if one else (stride, base.size_bytes),
        )  # fmt: skip

    def cells(self) -> Cells:
        """Return the field's values, copied out of the messages."""
        slot, n = self.slot, len(self.raw)
        if slot.base.is_text:
            stride = (self.raw.strides[0],)
            text = np.ndarray((n,), f"S{slot.size_bytes}", self.raw, slot.offset, stride).copy()
            return Cells(text, text != b"")
        lying = self.values
        values = lying.astype(lying.dtype.newbyteorder("="))
        length = None if slot.count == 1 else np.full(n, slot.count)
        cells = Cells(values, _valid(values, slot), length)
        return as_wide(cells) if self.wide else cells


def gather(parts: Sequence[Lying], n: int) -> Cells:
    """Return the cells of one field in all layouts as one column of n rows."""
    first = parts[0]
    plain = all(part.is_plain and part.slot.base is first.slot.base for part in parts)
    if not plain or len({id(part.places) for part in parts}) < len(parts):
        return merge(_apart(parts), n)
    # Rows without the field look like rows whose value is invalid.
    base = first.slot.base
    blank = np.nan if base.is_float else base.invalid
    values = np.full(n, blank, np.dtype(base.code))
    for part in parts:
        if part.places is None:
            values[:] = part.values
        else:
            part.places.put(values, part.values)
    return Cells(values, _valid(values, first.slot))


def _apart(parts: Sequence[Lying]) -> list[tuple[Places | None, Cells]]:
    """Return the cells of each layout; of a field that one has twice, the later value counts."""
    held: list[tuple[Places | None, Cells]] = []
    for part in parts:
        cells = part.cells()
        if held and held[-1][0] is part.places:
            cells = _either(held.pop()[1], cells)
        held.append((part.places, cells))
    return held


def _either(first: Cells, second: Cells) -> Cells:
    if first.values.shape != second.values.shape or first.values.dtype != second.values.dtype:
        return second
    values = np.where(second.valid, second.values, first.values)
    return replace(second, values=values, valid=first.valid | second.valid)


def _valid(values: Values, slot: Slot) -> Marks:
    base = slot.base
    if base.is_float:
        return ~np.isnan(values)
    valid = np.asarray(values != values.dtype.type(base.invalid))
    if base is BYTE and values.ndim > 1:
        # An array of bytes is invalid only as a whole.
        whole = np.asarray(valid.any(axis=1))
        return np.broadcast_to(whole[:, None], valid.shape)
    return valid


def merge(parts: Sequence[tuple[Places | None, Cells]], n: int) -> Cells:
    """Join the cells of several layouts into one column of n rows; `None` stands for all rows."""
    places, first = parts[0]
    if places is None:
        return first
    width = max((c.values.shape[1] if c.values.ndim > 1 else 0) for _, c in parts)
    shape = (n, width) if width else (n,)
    values = np.zeros(shape, _common([c.values.dtype for _, c in parts]))
    valid = np.zeros(shape, np.bool_)
    length = np.zeros(n, np.intp) if width else None
    for at, cells in parts:
        rows = slice(None) if at is None else at.rows
        if length is None:
            values[rows], valid[rows] = cells.values, cells.valid
            continue
        wide = as_wide(cells)
        held = wide.values.shape[1]
        values[rows, :held], valid[rows, :held] = wide.values, wide.valid
        length[rows] = lengths(wide)
    return Cells(values, valid, length, first.is_physical)


def lengths(cells: Cells) -> Rows:
    """Return how many values each row has, valid or not."""
    return np.ones(len(cells.values), np.intp) if cells.length is None else cells.length


def as_wide(cells: Cells) -> Cells:
    """Return cells with one value a row as arrays of one."""
    if cells.length is not None:
        return cells
    return replace(
        cells, values=cells.values[:, None], valid=cells.valid[:, None], length=lengths(cells)
    )


def _common(dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    return dtypes[0] if len(set(dtypes)) == 1 else np.result_type(*dtypes)
