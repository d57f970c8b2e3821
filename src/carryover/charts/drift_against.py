"""Late-run drift against what a run had: its length, or the glute work before it."""

from __future__ import annotations

from dataclasses import dataclass
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
    titled,
)
from carryover.charts.dots import NEWEST, clear_of_zero, look
from carryover.charts.words import day_text, number, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 330


@dataclass(frozen=True, slots=True)
class Along:
    """The horizontal axis: its title, and a value of it in words, `{}` being the number."""

    title: str
    words: str
    decimals: int
    what: str
    """What there is none of in an empty figure: `distance`, `glute dose`."""
    next_step: str


def drift_against(metric: Metric, drift: pl.DataFrame, bins: pl.DataFrame, along: Along) -> Drawing:
    """Draw the judged runs of one metric over `x`, and the mean of neighbouring runs.

    `drift`: local_date, x, change_adj, ci_low, ci_high, href. `bins`: x, mean, ci_low, ci_high,
    x_low, x_high, n of neighbouring runs; empty where there are too few.
    """
    drift = drift.drop_nulls(["change_adj", "x"]).sort("local_date")
    if drift.is_empty():
        return Empty(
            f"No judged run has a {along.what} to hold its drift against.", along.next_step
        )
    if len(drift) > 1 and drift["x"].n_unique() == 1:
        return Empty(f"All judged runs have the same {along.what}.", along.next_step)
    fig = figure(HEIGHT_PX)
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line={"color": palette.SOFT, "width": 1}
    )
    _dots(fig, drift, metric, along)
    _means(fig, bins, metric, along)
    fig.update_yaxes(
        title={"text": f"late − early, {difference_unit(metric) or 'ratio'}"}, nticks=6
    )
    fig.update_xaxes(title={"text": along.title}, nticks=7)
    which = f"the newest {NEWEST} runs" if len(drift) > NEWEST else "runs"
    words = f"Dots: {which}, solid where the interval of the run clears zero."
    if len(bins):
        words += " Squares: mean of neighbouring runs, with 95 % interval."
    return narrow(titled(fig, _finding(metric, drift, bins, along), words), {"xaxis.nticks": 5})


def _finding(metric: Metric, drift: pl.DataFrame, bins: pl.DataFrame, along: Along) -> str:
    if bins.is_empty():
        return f"{metric.label}: {plural(len(drift), 'run')}, too few to say more"
    first, last = bins.row(0, named=True), bins.row(-1, named=True)
    told = [
        f"{difference(metric, row['mean'], metric.decimals)} {_at(along, row['x'])}"
        for row in (first, last)
    ]
    return f"{metric.label} drifts by {told[0]}, by {told[1]}"


def _at(along: Along, x: float) -> str:
    return along.words.format(number(x, along.decimals))


def _dots(fig: go.Figure, drift: pl.DataFrame, metric: Metric, along: Along) -> None:
    shown = drift.tail(NEWEST)
    dots = look(len(drift), 7)
    fig.add_scatter(
        x=numbers(shown["x"], along.decimals + 1),
        y=numbers(shown["change_adj"], metric.decimals + 1),
        mode="markers", hoverinfo="text", customdata=shown["href"].to_list(),
        marker={
            "size": dots.size, "color": palette.DRIFT, "opacity": min(0.6, dots.opacity),
            "line": {"width": 1.2, "color": palette.DRIFT},
            "symbol": ["circle" if c else "circle-open" for c in clear_of_zero(shown)],
        },
        hovertext=[_text(metric, row, along) for row in shown.iter_rows(named=True)],
    )  # fmt: skip


def _text(metric: Metric, row: dict[str, Any], along: Along) -> str:
    low, high = (number(row[k], metric.decimals, signed=True) for k in ("ci_low", "ci_high"))
    return (
        f"{day_text(row['local_date'])}<br>{_at(along, row['x'])}<br>"
        f"{difference(metric, row['change_adj'], metric.decimals)} (95 %: {low} to {high})"
    )


def _means(fig: go.Figure, bins: pl.DataFrame, metric: Metric, along: Along) -> None:
    if bins.is_empty():
        return
    digits = metric.decimals + 1
    texts = [
        f"{_at(along, row['x'])} ({number(row['x_low'], along.decimals)} to "
        f"{number(row['x_high'], along.decimals)})<br>mean "
        f"{difference(metric, row['mean'], digits)} of {plural(row['n'], 'run')}<br>95 %: "
        f"{number(row['ci_low'], digits, signed=True)} to "
        f"{number(row['ci_high'], digits, signed=True)}"
        for row in bins.iter_rows(named=True)
    ]
    fig.add_scatter(
        x=numbers(bins["x"], along.decimals + 1), y=numbers(bins["mean"], digits),
        mode="markers", hoverinfo="text", hovertext=texts,
        marker={"symbol": "square", "size": 8, "color": palette.INK},
        error_y={
            "type": "data", "symmetric": False, "width": 0, "thickness": 2.0, "color": palette.INK,
            "array": numbers(bins["ci_high"] - bins["mean"], digits),
            "arrayminus": numbers(bins["mean"] - bins["ci_low"], digits),
        },
    )  # fmt: skip
