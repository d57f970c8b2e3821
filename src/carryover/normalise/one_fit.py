"""One FIT file as fitparse's reader hands it on → the door for many, which speaks today's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import polars as pl

from carryover.normalise.fit import normalise_fit
from carryover.normalise.parts import SEGMENT
from carryover.normalise.recordings import Owner
from carryover.normalise.result import FILE, Normalised

NAMES: Final = {"unknown_193": "workout_rpe", "unknown_110": "sport_profile_name"}
"""Fields of `session` that fitparse's profile does not know yet."""


class _Field(NamedTuple):
    application: str
    name: str
    units: str | None


def normalise_one_fit(messages: Mapping[str, pl.DataFrame], owner: Owner) -> Normalised:
    """Return the canonical frames of one file."""
    held = {name: _placed(name, frame) for name, frame in messages.items()}
    told = messages.get("field_description", pl.DataFrame())
    declared = {"field_name", "units"} <= set(told.columns)
    units = dict(told.select("field_name", "units").iter_rows()) if declared else {}
    fields = {}
    for column in messages.get("record", pl.DataFrame()).columns:
        if column.startswith("dev/"):
            _, application, name = column.split("/", 2)
            unit = units.get(name)
            fields[column] = _Field(application, name, None if unit is None else str(unit))
    return normalise_fit(held, [owner], fields).alone()


def _placed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    known = frame.rename(NAMES, strict=False) if name == "session" else frame
    if name == "activity" and known.schema.get("local_timestamp") == pl.String:
        local = pl.col("local_timestamp").str.to_datetime(time_unit="us", strict=False)
        known = known.with_columns(local)
    zero = pl.lit(0, pl.UInt32)
    segment = pl.col(SEGMENT).cast(pl.UInt32) if SEGMENT in known.columns else zero
    return known.with_columns(zero.alias(FILE), segment.alias(SEGMENT))
