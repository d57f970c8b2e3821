"""Form around the starts of strength blocks, week by week, with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    difference,
    difference_unit,
    figure,
    narrow,
    numbers,
    outline,
    titled,
)
from carryover.charts.words import number, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 300
MID_WEEK: Final = 0.5
"""A week's mean is drawn in its middle; 0 is the day of the first session."""


def block_event(metric: Metric, outcome: str, weeks: pl.DataFrame) -> Drawing:
    """Draw one metric's weeks around the starts of blocks, relative to the weeks before.

    `weeks`: week_offset, value, ci_low, ci_high, n_runs, n_blocks, one row a week; a week without
    a value breaks the line.
    """
    weeks = weeks.sort("week_offset")
    known = weeks.drop_nulls("value")
    after = known.filter(pl.col("week_offset") >= 0)
    if after.is_empty():
        return Empty(
            "No strength block can be followed yet: one needs four weeks without sessions before "
            "it, with runs of the same sensor on both sides of its start.",
            "Keep running through a break of four weeks or more and into the next block.",
        )
    fig = figure(HEIGHT_PX)
    tone = palette.DRIFT if outcome == "decay" else palette.METRIC
    _band(fig, weeks, metric)
    _line(fig, weeks, metric, tone)
    _marks(fig)
    unit = difference_unit(metric) or "ratio"
    fig.update_xaxes(
        title={"text": "weeks from the first session of a block"}, range=[-6.2, 13.2], dtick=2
    )
    fig.update_yaxes(title={"text": f"change, {unit}"}, nticks=6)
    fig.update_layout(margin={"t": 26})
    n_blocks = int(known.select(pl.col("n_blocks").max()).item())
    subtitle = (
        f"Dots: mean of a week's runs less the weeks before, {plural(n_blocks, 'block')}, beside "
        "load, heat, length, slow time and the days after a session; band: 95 % of each week."
    )
    return narrow(
        titled(fig, _finding(metric, outcome, after), subtitle), {"xaxis.dtick": 4}
    )  # fmt: skip


def _finding(metric: Metric, outcome: str, after: pl.DataFrame) -> str:
    """Say what the last week that most blocks reach shows."""
    most = after.filter(pl.col("n_blocks") == pl.col("n_blocks").max()).row(-1, named=True)
    label = metric.label.lower()
    what = f"late-run drift of {label}" if outcome == "decay" else label
    size = difference(metric, most["value"], metric.decimals + 1)
    week = most["week_offset"] + 1
    if most["ci_low"] <= 0 <= most["ci_high"]:
        return f"Week {week} of a block: {what} cannot be told from the weeks before ({size})"
    low, high = (number(most[k], metric.decimals + 1, signed=True) for k in ("ci_low", "ci_high"))
    return f"Week {week} of a block: {what} {size} beside the weeks before (95 %: {low} to {high})"


def _line(fig: go.Figure, weeks: pl.DataFrame, metric: Metric, tone: str) -> None:
    fig.add_scatter(
        x=_places(weeks), y=numbers(weeks["value"], metric.decimals + 2), mode="lines+markers",
        connectgaps=False, line={"color": tone, "width": 2}, marker={"size": 6, "color": tone},
        hovertext=[_text(metric, row) for row in weeks.iter_rows(named=True)], hoverinfo="text",
    )  # fmt: skip


def _band(fig: go.Figure, weeks: pl.DataFrame, metric: Metric) -> None:
    """Draw the band of each unbroken stretch of weeks."""
    gap = weeks["value"].is_null().cast(pl.Int32).cum_sum()
    parts = weeks.with_columns(gap.alias("part")).drop_nulls("value")
    digits = metric.decimals + 2
    x, y = outline(
        (_places(part), numbers(part["ci_low"], digits), numbers(part["ci_high"], digits))
        for part in parts.partition_by("part", maintain_order=True)
    )
    fig.add_scatter(
        x=x, y=y, mode="lines", fill="toself", fillcolor=palette.BAND, hoverinfo="skip",
        line={"width": 0, "color": palette.BAND},
    )  # fmt: skip


def _marks(fig: go.Figure) -> None:
    """Draw zero, the start of the block, and a word on either side of it."""
    line = {"color": palette.SOFT, "width": 1}
    fig.add_shape(type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line=line)
    fig.add_shape(type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line=line)
    for text, x, anchor in (("weeks without", -0.2, "right"), ("with sessions", 0.2, "left")):
        fig.add_annotation(x=x, y=1, yref="paper", yanchor="bottom", xanchor=anchor, text=text)


def _places(weeks: pl.DataFrame) -> list[float]:
    return [week + MID_WEEK for week in weeks["week_offset"]]


def _text(metric: Metric, row: dict[str, Any]) -> str:
    if row["value"] is None:
        return ""
    low, high = (number(row[k], metric.decimals + 1, signed=True) for k in ("ci_low", "ci_high"))
    week = row["week_offset"]
    when = f"Week {week + 1} of the block" if week >= 0 else f"{plural(-week, 'week')} before"
    return (
        f"{when}<br>{difference(metric, row['value'], metric.decimals + 1)}<br>95 %: {low} to "
        f"{high}<br>n {plural(row['n_runs'], 'run')}, {plural(row['n_blocks'], 'block')}"
    )
