"""Values of one field for many messages: arrays with a mark for "no value" beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.base_types import BYTE
from carryover.decode.fit.layout import Slot

Values = npt.NDArray[Any]
Marks = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


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


def cut(rows: Values, slot: Slot, *, big_endian: bool) -> Cells:
    """Return one field of messages of one layout; `rows` holds them as raw bytes (void)."""
    n, stride, base = len(rows), rows.strides[0], slot.base
    if base.is_text:
        text = np.ndarray((n,), f"S{slot.size_bytes}", rows, slot.offset, (stride,)).copy()
        return Cells(text, text != b"")
    order = "" if base.size_bytes == 1 else (">" if big_endian else "<")
    dtype = np.dtype(f"{order}{base.code}")
    if slot.count == 1:
        lying = np.ndarray((n,), dtype, rows, slot.offset, (stride,))
    else:
        lying = np.ndarray((n, slot.count), dtype, rows, slot.offset, (stride, base.size_bytes))
    values = lying.astype(dtype.newbyteorder("="))
    valid = _valid(values, slot)
    if slot.count == 1:
        return Cells(values, valid)
    return Cells(values, valid, np.full(n, slot.count))


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


def merge(parts: Sequence[tuple[Rows | None, Cells]], n: int) -> Cells:
    """Join the cells of several layouts into one column of n rows; `None` stands for all rows."""
    first = parts[0]
    if first[0] is None:
        return first[1]
    width = max((c.values.shape[1] if c.values.ndim > 1 else 0) for _, c in parts)
    shape = (n, width) if width else (n,)
    values = np.zeros(shape, _common([c.values.dtype for _, c in parts]))
    valid = np.zeros(shape, np.bool_)
    length = np.zeros(n, np.intp) if width else None
    for rows, cells in parts:
        at = _slice(rows)
        if length is None:
            values[at], valid[at] = cells.values, cells.valid
            continue
        wide = as_wide(cells)
        held = wide.values.shape[1]
        values[at, :held], valid[at, :held] = wide.values, wide.valid
        length[at] = lengths(wide)
    return Cells(values, valid, length, first[1].is_physical)


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


def _slice(rows: Rows | None) -> Any:  # noqa: ANN401 - an index
    """A range of rows is written much faster than scattered ones."""
    if rows is None or not len(rows):
        return slice(None) if rows is None else rows
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first == len(rows) - 1 else rows
