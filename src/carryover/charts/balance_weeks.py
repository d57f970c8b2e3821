"""Contact balance week by week, left above the middle and right below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    date_axis,
    days,
    figure,
    narrow,
    numbers,
    outline,
    titled,
    with_breaks,
)
from carryover.charts.middle import around_middle
from carryover.charts.words import number, plural

if TYPE_CHECKING:
    from carryover.metrics import Metric

HEIGHT_PX: Final = 220
EVEN: Final = 50.0


def balance_weeks(metric: Metric, weeks: pl.DataFrame) -> Drawing:
    """Draw the weekly contact balance with its 95 % band; a line breaks where the sensor changes.

    `weeks`: week_start, value, ci_low, ci_high, sensor_epoch, n_runs, one row a week and sensor.
    """
    known = weeks.drop_nulls("value").sort("week_start")
    if known.is_empty():
        return Empty(
            "No run of these weeks tells left from right.",
            "Wear a strap, pod or watch that measures contact balance.",
        )
    fig = figure(HEIGHT_PX)
    x: list[str | None] = []
    y: list[float | None] = []
    edges = []
    digits = metric.decimals + 1
    for part in with_breaks(known, "week_start").partition_by("segment", maintain_order=True):
        there = days(part["week_start"].dt.offset_by("3d"))
        x += [*there, None]
        y += [*numbers(part["value"], digits), None]
        sure = part.drop_nulls(["ci_low", "ci_high"])
        there = days(sure["week_start"].dt.offset_by("3d"))
        edges.append((there, numbers(sure["ci_low"], digits), numbers(sure["ci_high"], digits)))
    band_x, band_y = outline(edges)
    fig.add_scatter(
        x=band_x, y=band_y, mode="lines", fill="toself", fillcolor=palette.BAND,
        hoverinfo="skip", line={"width": 0, "color": palette.BAND},
    )  # fmt: skip
    fig.add_scatter(
        x=x, y=y, mode="lines+markers", connectgaps=False, hoverinfo="x+y",
        line={"color": palette.METRIC, "width": 2}, marker={"size": 4, "color": palette.METRIC},
    )  # fmt: skip
    ends = [v for column in ("value", "ci_low", "ci_high") for v in known[column].drop_nulls()]
    around_middle(fig, ends, EVEN)
    date_axis(fig)
    runs = int(known["n_runs"].sum())
    subtitle = f"Line: mean of a week at reference speed, {plural(runs, 'run')}; band: 95 %."
    return narrow(titled(fig, _finding(metric, known), subtitle), {"xaxis.nticks": 4})


def _finding(metric: Metric, known: pl.DataFrame) -> str:
    """Say where the balance of the newest sensor's weeks lies, from least to most."""
    newest = known["sensor_epoch"][-1]
    own = known.filter(pl.col("sensor_epoch").eq_missing(pl.lit(newest)))["value"]
    low, mid, high = (
        number(float(value), metric.decimals)
        for value in (own.min(), own.median(), own.max())
        if isinstance(value, float)
    )
    span = f" ({low} to {high})" if own.len() > 1 else ""
    return f"{metric.label}: {mid} % left in the middle of {plural(own.len(), 'week')}{span}"
