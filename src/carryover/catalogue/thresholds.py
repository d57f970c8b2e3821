"""Thresholds as data: each with its unit, meaning and source."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from carryover.metrics import metrics

COLUMNS: Final = ("name", "value", "unit", "meaning", "source")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    """Return the rows as text.

    Without polars: modules read thresholds as they are imported, and a worker that is forked once
    polars has started its threads hangs.
    """
    text = files("carryover.catalogue").joinpath("threshold.csv").read_text("utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@cache
def _values() -> dict[str, float]:
    return {row["name"]: float(row["value"]) for row in _rows()}


@cache
def thresholds() -> pl.DataFrame:
    """Return name, value, unit, meaning, source of every threshold."""
    told = pl.DataFrame(_rows(), schema=dict.fromkeys(COLUMNS, pl.String))
    empty = pl.col("unit").replace({"": None})
    return told.with_columns(empty, pl.col("value").cast(pl.Float64))


def every_threshold() -> pl.DataFrame:
    """Return `thresholds()` and the possible range of each metric, shaped alike."""
    rows = [
        (f"{m.name}_{end}", bound, m.unit, f"{m.label} {beyond} it is a fault of the sensor",
         "house rule: see the table metric")
        for m in metrics().values()
        for end, bound, beyond in (("min", m.valid_min, "below"), ("max", m.valid_max, "above"))
    ]  # fmt: skip
    ranges = pl.DataFrame(rows, schema=thresholds().schema, orient="row")
    return pl.concat([thresholds(), ranges])


def threshold(name: str) -> float:
    """Return one threshold in its unit; raises KeyError for a name that is none."""
    return _values()[name]


def metric_frame() -> pl.DataFrame:
    """Return name, label, unit, meaning and source of every form metric."""
    return pl.DataFrame(
        [(m.name, m.label, m.unit, m.meaning, m.source) for m in metrics().values()],
        schema=["name", "label", "unit", "meaning", "source"],
        orient="row",
    )


@cache
def limits() -> pl.DataFrame:
    """Return one row with a column a threshold, and `<metric>_min`, `<metric>_max`."""
    values = dict(_values())
    for metric in metrics().values():
        values[f"{metric.name}_min"] = metric.valid_min
        values[f"{metric.name}_max"] = metric.valid_max
    return pl.DataFrame([values])
