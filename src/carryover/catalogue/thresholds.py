"""Thresholds as data: each with its unit, meaning and source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from carryover.metrics import metrics


@cache
def thresholds() -> pl.DataFrame:
    """Return name, value, unit, meaning, source of every threshold."""
    text = files("carryover.catalogue").joinpath("threshold.csv").read_bytes()
    return pl.read_csv(text, schema_overrides={"value": pl.Float64})


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
    return float(dict(thresholds().select("name", "value").iter_rows())[name])


def metric_frame() -> pl.DataFrame:
    """Return name, label, unit, meaning and source of every form metric."""
    return pl.DataFrame(
        [(m.name, m.label, m.unit, m.meaning, m.source) for m in metrics().values()],
        schema=["name", "label", "unit", "meaning", "source"],
        orient="row",
    )


def limits() -> pl.DataFrame:
    """Return one row with a column a threshold, and `<metric>_min`, `<metric>_max`."""
    values = dict(thresholds().select("name", "value").iter_rows())
    for metric in metrics().values():
        values[f"{metric.name}_min"] = metric.valid_min
        values[f"{metric.name}_max"] = metric.valid_max
    return pl.DataFrame({name: [value] for name, value in values.items()})
