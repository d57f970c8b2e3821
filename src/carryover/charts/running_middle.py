"""The line through runs: the middle of neighbouring runs of one sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts.base import days, numbers, with_breaks

if TYPE_CHECKING:
    import plotly.graph_objects as go

MIDDLE_RUNS: Final = 11
"""The line is the middle of so many neighbouring runs, of one sensor."""
MIN_MIDDLE: Final = 5


def add_running_middle(
    fig: go.Figure, runs: pl.DataFrame, column: str, decimals: int, *, colour: str
) -> bool:
    """Draw the running trimean of `column`; returns whether any sensor had runs enough.

    Tukey's trimean, of the median and both quartiles, is as deaf to one odd run as the median and
    does not jump between two clusters.

    `runs`: local_date, sensor_epoch and the column, none of it null. The line breaks at gaps and
    at changes of the sensor.
    """
    low, mid, high = (
        pl.col(column).rolling_quantile(
            q, "linear", window_size=MIDDLE_RUNS, min_samples=MIN_MIDDLE, center=True
        )
        for q in (0.25, 0.5, 0.75)
    )
    middle = (low + 2.0 * mid + high) / 4.0
    told = with_breaks(runs, "local_date").with_columns(
        middle.over("sensor_epoch").alias("middle"), pl.len().over("sensor_epoch").alias("n")
    )
    x: list[str | None] = []
    y: list[float | None] = []
    enough = told.filter(pl.col("n") >= MIDDLE_RUNS)
    for part in enough.partition_by("segment", maintain_order=True):
        x += [*days(part["local_date"]), None]
        y += [*numbers(part["middle"], decimals), None]
    if x:
        fig.add_scatter(
            x=x, y=y, mode="lines", connectgaps=False, hoverinfo="skip",
            line={"color": colour, "width": 2.5},
        )  # fmt: skip
    return bool(x)
