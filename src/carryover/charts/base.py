"""What every figure shares: an empty state, a title with its subtitle, short lists of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import plotly.graph_objects as go
import polars as pl

from carryover.charts.words import number

if TYPE_CHECKING:
    from carryover.metrics import Metric

MIN_DOT_PX: Final = 4.0
MAX_DOT_PX: Final = 8.0
GAP_DAYS: Final = 21
"""A weekly line breaks where more than three weeks lie between two values."""

DATE_TICKS: Final = [
    {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]
"""Day before month; the year beneath, where it changes. A template cannot carry this list."""


@dataclass(frozen=True, slots=True)
class Empty:
    """No figure: what is missing, and the one next step."""

    what: str
    next_step: str


Drawing = go.Figure | Empty


def figure(height_px: int) -> go.Figure:
    """Return a bare figure of that height; colours and fonts come from the page's template."""
    return go.Figure(layout={"template": None, "height": height_px})


def titled(fig: go.Figure, title: str, subtitle: str) -> go.Figure:
    """Set the finding as the title and what is drawn as the subtitle; returns the figure."""
    fig.update_layout(title={"text": title, "subtitle": {"text": subtitle}})
    return fig


def date_axis(fig: go.Figure, **settings: object) -> go.Figure:
    """Make the time axis one of dates, written as the pages write them; returns the figure."""
    return fig.update_xaxes(type="date", tickformatstops=DATE_TICKS, **settings)


def narrow(fig: go.Figure, changes: dict[str, Any]) -> go.Figure:
    """Note layout changes that a page makes on a phone; returns the figure."""
    fig.update_layout(meta={"narrow": changes})
    return fig


def numbers(values: pl.Series, decimals: int) -> list[float | None]:
    """Return a column as a short list: rounded, nulls and NaN as None."""
    return values.cast(pl.Float64).fill_nan(None).round(decimals).to_list()


def days(values: pl.Series) -> list[str | None]:
    """Return dates as ISO text."""
    return values.cast(pl.Date).dt.to_string("%Y-%m-%d").to_list()


def dot_sizes(coverage_pct: pl.Series) -> list[float]:
    """Return marker sizes in px from coverage in %; an unknown coverage gives the smallest."""
    share = (coverage_pct.cast(pl.Float64).fill_null(0.0) / 100.0).clip(0.0, 1.0)
    return (MIN_DOT_PX + share * (MAX_DOT_PX - MIN_DOT_PX)).round(1).to_list()


def axis_title(metric: Metric) -> str:
    """Return the unit an axis carries; a ratio says what it divides."""
    return "late ÷ early" if metric.unit == "ratio" else metric.unit


def difference_unit(metric: Metric) -> str:
    """Return the unit of a difference: a share of 100 differs by points, a ratio by a number."""
    if metric.unit == "ratio":
        return ""
    return "points" if metric.unit.startswith("%") else metric.unit


def difference(metric: Metric, value: float, decimals: int) -> str:
    """Format a signed difference with its unit: `+2.1 spm`, `−0.12 points`."""
    return f"{number(value, decimals, signed=True)} {difference_unit(metric)}".strip()


def with_breaks(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """Return the frame sensor by sensor, with `segment` that counts up where a line breaks.

    A line breaks at a gap and never joins two values of `sensor_epoch`; the sensors come in the
    order of their first value, each sorted by the date column `day`.
    """
    first = pl.col(day).min().over("sensor_epoch")
    ordered = frame.sort(first, "sensor_epoch", day)
    gap = pl.col(day).cast(pl.Date).diff().dt.total_days() > GAP_DAYS
    changed = pl.col("sensor_epoch") != pl.col("sensor_epoch").shift()
    broken = gap.fill_null(value=False) | changed.fill_null(value=False)
    return ordered.with_columns(broken.cast(pl.Int32).cum_sum().alias("segment"))
