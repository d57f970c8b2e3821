"""Why a second, a stretch or a heart rate does not count, as data: one row a reason."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from carryover.catalogue.thresholds import limits

EXCLUSION: Final[dict[str, pl.DataType]] = {
    "exclusion_key": pl.String(),
    "applies_to": pl.String(),
    "reason": pl.String(),
    "meaning": pl.String(),
    "thresholds": pl.List(pl.String()),
    "source": pl.String(),
    "place": pl.Int32(),
}
"""Grain: one reason; `applies_to` is second, stretch (a bin) or heart rate.

`place` is the order in which reasons are looked for: a second has the first that fits.
"""
HOLE: Final = re.compile(r"\{(\w+)\}")
IN_MINUTES: Final = "_min"
"""`{warm_up_s_min}` is the threshold `warm_up_s`, told in minutes."""


@cache
def exclusions() -> pl.DataFrame:
    """Return every reason, shaped as `EXCLUSION`; texts say the thresholds that are in force.

    Raises KeyError where a text names a threshold that is none.
    """
    content = files("carryover.catalogue").joinpath("exclusion.csv").read_bytes()
    told = pl.read_csv(content, schema_overrides={"thresholds": pl.String})
    rows = [
        (
            row["exclusion_key"], row["applies_to"], _filled(row["says"]), _filled(row["meaning"]),
            (row["thresholds"] or "").split(), row["source"], place,
        )
        for place, row in enumerate(told.iter_rows(named=True))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EXCLUSION, orient="row")


def _filled(text: str) -> str:
    return HOLE.sub(lambda hole: f"{_value(hole[1]):g}", text)


def _value(name: str) -> float:
    values = limits().row(0, named=True)
    if name in values:
        return float(values[name])
    seconds = name.removesuffix(IN_MINUTES)
    return float(values[seconds]) / 60.0
