"""One decoded FIT file by itself → the door for many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from carryover.normalise.fit import normalise_fit
from carryover.normalise.parts import SEGMENT
from carryover.normalise.recordings import Owner
from carryover.normalise.result import FILE, Normalised


class _Field(NamedTuple):
    application: str
    name: str
    units: str | None


def normalise_one_fit(messages: Mapping[str, pl.DataFrame], owner: Owner) -> Normalised:
    """Return the canonical frames of one file, its messages without a column `file`."""
    held = {name: _placed(frame) for name, frame in messages.items()}
    return normalise_fit(held, [owner], _fields(messages)).alone()


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    zero = pl.lit(0, pl.UInt32)
    segment = pl.col(SEGMENT) if SEGMENT in frame.columns else zero
    return frame.with_columns(zero.alias(FILE), segment.cast(pl.UInt32).alias(SEGMENT))


def _fields(messages: Mapping[str, pl.DataFrame]) -> dict[str, _Field]:
    """Return what the file declares of its developer columns, `dev/<application>/<title>`."""
    told = messages.get("field_description", pl.DataFrame())
    if not {"field_name", "units"} <= set(told.columns):
        told = pl.DataFrame(schema={"field_name": pl.String, "units": pl.String})
    declared = {
        f"{name} [{units}]" if units else str(name): (str(name), units)
        for name, units in told.select("field_name", "units").iter_rows()
    }
    fields = {}
    for column in messages.get("record", pl.DataFrame()).columns:
        if column.startswith("dev/"):
            _, application, title = column.split("/", 2)
            fields[column] = _Field(application, *declared.get(title, (title, None)))
    return fields
