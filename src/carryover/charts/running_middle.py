"""The line through runs: the middle of neighbouring runs of one sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts.base import days, numbers, with_breaks

if TYPE_CHECKING:
    import plotly.graph_objects as go

MIDDLE_RUNS: Final = 11
"""The line is the middle of so many neighbouring runs of one sensor, or of more of many."""
PARTS: Final = 30
"""Of many runs the window is a part of so many: ten years show years, not fortnights."""
MAX_POINTS: Final = 300
MIN_MIDDLE: Final = 5


def add_running_middle(
    fig: go.Figure, runs: pl.DataFrame, column: str, decimals: int, *, colour: str
) -> int:
    """Draw the running trimean of `column`; returns its window in runs, 0 where runs are too few.

    Tukey's trimean, of the median and both quartiles, is as deaf to one odd run as the median and
    does not jump between two clusters.

    `runs`: local_date, sensor_epoch and the column, none of it null. The line breaks at gaps and
    at changes of the sensor.
    """
    window = max(MIDDLE_RUNS, len(runs) // PARTS // 2 * 2 + 1)
    stride = -(-len(runs) // MAX_POINTS)
    low, mid, high = (
        pl.col(column).rolling_quantile(
            q, "linear", window_size=window, min_samples=MIN_MIDDLE, center=True
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
    for whole in enough.partition_by("segment", maintain_order=True):
        part = whole.gather_every(stride)
        x += [*days(part["local_date"]), None]
        y += [*numbers(part["middle"], decimals), None]
    if x:
        fig.add_scatter(
            x=x, y=y, mode="lines", connectgaps=False, hoverinfo="skip",
            line={"color": colour, "width": 2.5},
        )  # fmt: skip
    return window if x else 0
