"""Cells → polars columns: scaled, dated, named; what is invalid is null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from carryover.decode.fit.cells import Cells, Marks, Values
from carryover.decode.fit.profile import Profile
from carryover.decode.fit.table import Column, Meaning

EPOCH_S: Final = 631_065_600
"""1989-12-31T00:00:00Z in seconds since 1970."""
FIRST_DATE: Final = 0x1000_0000
"""Below this a date_time counts seconds since power-on, not since the epoch."""
MICROSECONDS: Final = 1_000_000
TIMES: Final = {"date_time": pl.Datetime("us", "UTC"), "local_date_time": pl.Datetime("us")}
BOOLEAN: Final = "bool"


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An array for polars to take over as it is; its own way would first import pyarrow.compute."""

    array: pa.Array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        schema, values = self.array.__arrow_c_array__(requested_schema)
        return schema, values


def to_series(name: str, column: Column, profile: Profile, *, raw: bool) -> pl.Series:
    """Return a column as polars has it; `raw` leaves named values and times as numbers."""
    cells = column.cells
    if cells.length is None:
        flat = _flat(cells.values, cells.valid, cells, column.meaning, profile, raw=raw)
        return flat.alias(name)
    return _lists(column, profile, raw=raw).alias(name)


def _lists(column: Column, profile: Profile, *, raw: bool) -> pl.Series:
    cells = column.cells
    length = np.zeros(0, np.intp) if cells.length is None else cells.length
    counts = np.arange(cells.values.shape[1]) < length[:, None]
    inner = _flat(
        cells.values[counts], cells.valid[counts], cells, column.meaning, profile, raw=raw
    )
    offsets = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    child = inner.to_arrow()
    listed = pa.LargeListArray.from_buffers(
        pa.large_list(child.type), len(length),
        [_bitmap(cells.any_valid), pa.py_buffer(offsets)], children=[child],
    )  # fmt: skip
    return pl.Series(_Arrow(listed))


def _flat(
    values: Values, valid: Marks, cells: Cells, meaning: Meaning, profile: Profile, *, raw: bool
) -> pl.Series:
    kind = values.dtype.kind
    if kind == "S":
        return _texts(values, valid)
    if meaning.is_scaled and not cells.is_physical:
        values = values / meaning.scale
        if meaning.offset:
            values -= meaning.offset
    elif kind in "iu" and not raw:
        names = profile.enum(meaning.type_name) if meaning.type_name else None
        if names is not None:
            return _names(values, valid, names)
        if meaning.type_name == BOOLEAN:
            return _numbers(values, valid) != 0
        if meaning.type_name in TIMES:
            return _times(values, valid, TIMES[meaning.type_name])
    return _numbers(values, valid)


def _numbers(values: Values, valid: Marks) -> pl.Series:
    array = np.ascontiguousarray(values)
    dtype = pa.from_numpy_dtype(array.dtype)
    buffers = [_bitmap(valid), pa.py_buffer(array)]
    return pl.Series(_Arrow(pa.Array.from_buffers(dtype, len(array), buffers)))


def _bitmap(valid: Marks) -> pa.Buffer | None:
    return None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))


def _times(values: Values, valid: Marks, dtype: pl.Datetime) -> pl.Series:
    dated = valid & (values >= FIRST_DATE) & (values <= np.uint32(0xFFFFFFFF))
    stamps = np.where(dated, values, 0).astype(np.int64)
    return _numbers((stamps + EPOCH_S) * MICROSECONDS, dated).cast(dtype)


def _names(values: Values, valid: Marks, names: Mapping[int, str]) -> pl.Series:
    """Return names; a number that the profile does not know stays, as text."""
    held = np.where(valid, values, values.dtype.type(0))
    distinct, places = np.unique(held, return_inverse=True)
    words = pl.Series(
        [names.get(number, str(number)) for number in distinct.tolist()], dtype=pl.String
    )
    picked = words.gather(places.astype(np.uint32)) if len(distinct) else words
    return (
        picked
        if valid.all()
        else pl.select(pl.when(pl.lit(pl.Series(valid))).then(picked)).to_series()
    )


def _texts(values: Values, valid: Marks) -> pl.Series:
    """Return texts up to their first NUL; an unterminated one ends with its field."""
    held = np.where(valid, values, b"")
    distinct, places = np.unique(held, return_inverse=True)
    words = pl.Series([_text(raw) for raw in distinct.tolist()], dtype=pl.String)
    return words.gather(places.astype(np.uint32)) if len(distinct) else words


def _text(raw: Any) -> str | None:  # noqa: ANN401 - numpy's item
    return raw.split(b"\0", 1)[0].decode("utf-8", errors="replace") or None
