"""What every figure shares: an empty state, a title with its subtitle, short lists of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import plotly.graph_objects as go
import polars as pl

from carryover.charts.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carryover.metrics import Metric

MIN_DOT_PX: Final = 4.0
MAX_DOT_PX: Final = 8.0
LONG: Final = 100
"""Values; a column of so many is written as it is."""
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


@dataclass(slots=True)
class Sketch:
    """A figure as Plotly's JSON, for pages that are drawn by the thousand.

    `go.Figure` checks each value that it is given, which takes longer than all else of a run's
    page; the tests have it check one sketch of each kind instead. `seconds`: columns that a page
    draws once it is zoomed into (`charts/seconds.py`).
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    seconds: dict[str, Any] = field(default_factory=dict)

    def to_plotly_json(self) -> dict[str, Any]:
        """Return data and layout, as a figure does."""
        return {"data": self.data, "layout": self.layout}

    def update_layout(self, changes: dict[str, Any] | None = None, **more: object) -> None:
        """Set parts of the layout, each as a whole."""
        self.layout |= (changes or {}) | more

    def add_scatter(self, **trace: object) -> None:
        """Add points or lines."""
        self.data.append({"type": "scatter", **trace})

    def add_shape(self, **shape: object) -> None:
        """Add a shape."""
        self.layout.setdefault("shapes", []).append(shape)

    def add_annotation(self, note: dict[str, Any] | None = None, **more: object) -> None:
        """Add words."""
        self.layout.setdefault("annotations", []).append((note or {}) | more)

    def update_yaxes(self, **settings: object) -> None:
        """Set parts of the first value axis, each as a whole."""
        self.layout.setdefault("yaxis", {}).update(settings)


class Chart(go.Figure):  # type: ignore[misc] # Plotly has no types
    """A figure that Plotly checks but for its long columns, whose checks would take the longest."""

    def __init__(self, **told: object) -> None:
        super().__init__(**told)
        self._long: dict[int, dict[str, Any]] = {}

    def add_scatter(self, **trace: Any) -> Chart:  # noqa: ANN401 - as Plotly has them
        """Add points or lines."""
        short, long = _parted(trace)
        if long:
            self._long[len(self.data)] = long
        super().add_scatter(**short)
        return self

    def to_plotly_json(self) -> dict[str, Any]:
        """Return data and layout, long columns in their places."""
        content: dict[str, Any] = super().to_plotly_json()
        for place, long in self._long.items():
            _put(content["data"][place], long)
        return content


def _parted(trace: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a trace without its long lists, and these, both as deep as they were."""
    short: dict[str, Any] = {}
    long: dict[str, Any] = {}
    for name, value in trace.items():
        if isinstance(value, dict):
            short[name], below = _parted(value)
            if below:
                long[name] = below
        elif isinstance(value, list) and len(value) >= LONG:
            long[name] = value
        else:
            short[name] = value
    return short, long


def _put(trace: dict[str, Any], long: dict[str, Any]) -> None:
    for name, value in long.items():
        if isinstance(value, dict):
            _put(trace.setdefault(name, {}), value)
        else:
            trace[name] = value


Figure = go.Figure | Sketch
Drawing = Figure | Empty
F = TypeVar("F", go.Figure, Sketch)


def figure(height_px: int) -> go.Figure:
    """Return a bare figure of that height; colours and fonts come from the page's template."""
    return Chart(layout={"template": None, "height": height_px})


def titled(fig: F, title: str, subtitle: str) -> F:
    """Set the finding as the title and what is drawn as the subtitle; returns the figure."""
    fig.update_layout(title={"text": title, "subtitle": {"text": subtitle}})
    return fig


def date_axis(fig: go.Figure, **settings: object) -> go.Figure:
    """Make the time axis one of dates, written as the pages write them; returns the figure."""
    return fig.update_xaxes(type="date", tickformatstops=DATE_TICKS, **settings)


def narrow(fig: F, changes: dict[str, Any]) -> F:
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


def outline(
    parts: Iterable[tuple[Sequence[Any], Sequence[float | None], Sequence[float | None]]],
) -> tuple[list[Any], list[float | None]]:
    """Return x and y of a band to be filled: each part's places with its lower and upper edge."""
    x: list[Any] = []
    y: list[float | None] = []
    for there, low, high in parts:
        x += [*there, *reversed(there), None]
        y += [*low, *reversed(high), None]
    return x, y


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
