"""What a decoder hands on: vendor names, vendor values, nothing interpreted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from carryover.rawfile import FileKind, Problem

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """One decoded file: a frame a message type, columns in the vendor's names and units.

    `complete` is False where the file ends early or a part of it cannot be read; `problems`
    then says where.
    """

    kind: FileKind
    messages: dict[str, pl.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True

    def message(self, name: str) -> pl.DataFrame:
        """Return the frame of one message type, empty where the file has none."""
        return self.messages.get(name, pl.DataFrame())


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Build a frame from decoded messages: union of fields, one type a column."""
    held = list(rows)
    names = dict.fromkeys(name for row in held for name in row)
    return pl.DataFrame([_series(name, [row.get(name) for row in held]) for name in names])


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pl.Series(name, values, dtype=pl.Null)
    if kinds <= {int, float, bool}:
        return pl.Series(name, values, dtype=_number_type(kinds, values), strict=False)
    if kinds == {dt.datetime}:
        return pl.Series(name, [_utc(v) for v in values], dtype=pl.Datetime("us", "UTC"))
    if kinds & {tuple, list}:
        return _list_series(name, [_listed(value) for value in values])
    return pl.Series(name, [None if v is None else str(v) for v in values], dtype=pl.String)


def _number_type(kinds: set[type], values: list[Any]) -> type[pl.DataType]:
    """Whole numbers stay whole, unless one of them is wider than 64 bits."""
    wide = any(isinstance(v, int) and abs(v) >= 2**63 for v in values)
    return pl.Float64 if float in kinds or wide else pl.Int64


def _list_series(name: str, values: list[Any]) -> pl.Series:
    inner = {type(item) for value in values if value for item in value if item is not None}
    if inner <= {int, float, bool}:
        cells = [None if v is None else list(v) for v in values]
        return pl.Series(name, cells, dtype=pl.List(pl.Float64), strict=False)
    cells = [
        None if v is None else [None if item is None else str(item) for item in v] for v in values
    ]
    return pl.Series(name, cells, dtype=pl.List(pl.String))


def _listed(value: Any) -> Any:  # noqa: ANN401 - vendor values have any type
    return value if value is None or isinstance(value, tuple | list) else [value]


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    """A vendor's naive time is UTC."""
    if value is None:
        return None
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
