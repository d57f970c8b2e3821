"""What tells kinds of runs beside their traces: distances of races, and words in names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl


@cache
def race_distances() -> pl.DataFrame:
    """Return name, distance_m and source of the distances that races are run over."""
    return _read("race_distance.csv", {"distance_m": pl.Float64})


@cache
def kind_words() -> pl.DataFrame:
    """Return word, meaning and language; meaning is race, plan (speaks of one) or indoor track."""
    return _read("kind_word.csv", {})


def _read(name: str, types: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    content = files("carryover.catalogue").joinpath(name).read_bytes()
    return pl.read_csv(content, schema_overrides=types)
