"""One metric over time: runs as dots, weeks as a line, glute dose as a strip beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    axis_title,
    days,
    dot_sizes,
    figure,
    narrow,
    numbers,
    titled,
    with_breaks,
)
from carryover.charts.dose_strip import add_dose_strip
from carryover.charts.finding import SETTLED_WEEKS, trend_finding
from carryover.charts.middle import around_middle
from carryover.charts.sensor_marks import UNKNOWN, add_sensor_marks, sensor_words
from carryover.charts.words import day_text, number, plural, short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 360
ABOVE: Final = [0.27, 1.0]
"""The metric's share of the height; the strip has the rest."""


def trend(
    metric: Metric,
    runs: pl.DataFrame,
    weeks: pl.DataFrame,
    dose: pl.DataFrame,
    *,
    drawn: str = "",
    sensors: pl.DataFrame | None = None,
    middle: float | None = None,
    moved: Mapping[str, Any] | None = None,
) -> Drawing:
    """Draw one metric of one athlete.

    `runs`: local_date, value, coverage_pct, noise, usual_low, usual_high, href.
    `weeks`: week_start, value, ci_low, ci_high, n_runs, mdc95, sensor_epoch.
    `dose`: week_start, dose, n_sessions. `drawn` ends the subtitle (what the values are).
    `sensors`: sensor_epoch, opened_by, firmware_family, dynamics_source, to say what changed.
    `middle` is the even value of a metric that rises to the left: drawn signed around it.
    `moved`: change, noise and word of the last four weeks against the four before.
    """
    runs = runs.drop_nulls("value").sort("local_date")
    weeks = weeks.drop_nulls("value").sort("week_start")
    if runs.is_empty() and weeks.is_empty():
        return Empty(
            f"No run carries {metric.label.lower()} yet.",
            "Record a run with a watch, pod or strap that measures it.",
        )
    fig = figure(HEIGHT_PX)
    parts = with_breaks(weeks, "week_start").partition_by("segment", maintain_order=True)
    _band(fig, parts, metric)
    _dots(fig, runs, metric)
    _line(fig, parts, metric)
    _sensor_changes(fig, weeks, sensors)
    fig.update_yaxes(domain=ABOVE, title={"text": axis_title(metric)}, nticks=6)
    if middle is not None:
        around_middle(fig, [*runs["value"], *weeks["value"]], middle)
    add_dose_strip(fig, dose, axis="y2")
    subtitle = (
        f"Dots: {plural(len(runs), 'run')}, larger with more coverage, solid where beyond "
        "MDC of the six weeks before; line: weeks, with 95 % band. Beneath: glute dose a week. "
        f"{drawn}"
    )
    return narrow(
        titled(fig, trend_finding(metric, weeks, moved), subtitle.strip()), {"xaxis.nticks": 5}
    )


def _dots(fig: go.Figure, runs: pl.DataFrame, metric: Metric) -> None:
    beyond = [
        bool(low is not None and high is not None and not low <= value <= high)
        for value, low, high in runs.select("value", "usual_low", "usual_high").iter_rows()
    ]
    texts = [
        f"{day_text(row['local_date'])}<br>{_value_text(metric, row['value'], row['noise'])}"
        f"<br>{number(row['coverage_pct'])} % of the run valid"
        for row in runs.iter_rows(named=True)
    ]
    fig.add_scatter(
        x=days(runs["local_date"]), y=numbers(runs["value"], metric.decimals + 1), mode="markers",
        marker={
            "size": dot_sizes(runs["coverage_pct"]),
            "symbol": ["circle" if out else "circle-open" for out in beyond],
            "color": palette.METRIC, "opacity": 0.5,
            "line": {"width": 1.2, "color": palette.METRIC},
        },
        hovertext=texts, hoverinfo="text", customdata=runs["href"].to_list(),
    )  # fmt: skip


def _value_text(metric: Metric, value: float, noise: float | None) -> str:
    around = f" ± {number(noise, metric.decimals)}" if noise is not None else ""
    if metric.unit == "ratio":
        return f"{metric.text(value)}{around}"
    return f"{number(value, metric.decimals)}{around} {metric.unit}"


def _line(fig: go.Figure, parts: list[pl.DataFrame], metric: Metric) -> None:
    x: list[str | None] = []
    y: list[float | None] = []
    texts: list[str] = []
    for part in parts:
        x += [*_mid(part), None]
        y += [*numbers(part["value"], metric.decimals + 2), None]
        texts += [*(_week_text(metric, row) for row in part.iter_rows(named=True)), ""]
    fig.add_scatter(
        x=x, y=y, mode="lines+markers", connectgaps=False, hovertext=texts, hoverinfo="text",
        line={"color": palette.METRIC, "width": 2}, marker={"size": 4, "color": palette.METRIC},
    )  # fmt: skip


def _mid(weeks: pl.DataFrame) -> list[str | None]:
    return days(weeks["week_start"].dt.offset_by("3d"))


def _week_text(metric: Metric, row: dict[str, Any]) -> str:
    return (
        f"Week of {short_day(row['week_start'])} {row['week_start'].year}<br>"
        f"{_value_text(metric, row['value'], row['mdc95'])}<br>n {plural(row['n_runs'], 'run')}"
    )


def _band(fig: go.Figure, parts: list[pl.DataFrame], metric: Metric) -> None:
    x: list[str | None] = []
    y: list[float | None] = []
    for whole in parts:
        part = whole.drop_nulls(["ci_low", "ci_high"])
        there, low = _mid(part), numbers(part["ci_low"], metric.decimals + 2)
        high = numbers(part["ci_high"], metric.decimals + 2)
        x += [*there, *reversed(there), None]
        y += [*low, *reversed(high), None]
    if x:
        fig.add_scatter(
            x=x, y=y, mode="lines", fill="toself", fillcolor=palette.BAND, hoverinfo="skip",
            line={"width": 0, "color": palette.BAND},
        )  # fmt: skip


def _sensor_changes(fig: go.Figure, weeks: pl.DataFrame, sensors: pl.DataFrame | None) -> None:
    """Mark where a sensor that stays comes in; one that is worn for a week or two is no mark."""
    held = weeks.group_by("sensor_epoch").agg(pl.len().alias("n"), pl.col("week_start").min())
    later = pl.col("week_start") > pl.col("week_start").min()
    worn = held.filter(later & (pl.col("n") >= SETTLED_WEEKS)).sort("week_start", "sensor_epoch")
    told = {} if sensors is None else {r["sensor_epoch"]: r for r in sensors.to_dicts()}
    words = [sensor_words(told[e]) if e in told else UNKNOWN for e in worn["sensor_epoch"]]
    changes = worn.select(day="week_start", words=pl.Series(words, dtype=pl.String))
    add_sensor_marks(fig, changes, bottom=ABOVE[0])
