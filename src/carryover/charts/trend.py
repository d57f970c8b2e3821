"""One metric over time, in parts that a page puts together: runs, weeks, and the dose beneath.

What all metrics share (dates, links, dose, blocks) is written once; `static/pickers.js` joins it
with the metrics that are picked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Sketch, axis_title, days, dot_sizes, numbers, outline, with_breaks
from carryover.charts.finding import SETTLED_WEEKS, trend_finding
from carryover.charts.middle import around_middle
from carryover.charts.sensor_marks import UNKNOWN, add_sensor_marks, sensor_words
from carryover.charts.words import day_text, number, plain, plural, short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.metrics import Metric

BOTTOM: Final = 0.27
"""The metric's panel begins here, as a share of the height; the strip of dose has the rest."""
SOLID, OPEN = 0, 100
"""Plotly's numbers of a circle and an open one: shorter than their names."""
LEAST_STEPS: Final = 5
"""The least height of a panel, in steps of what the sensor can tell."""
SEP: Final = " · "


@dataclass(frozen=True, slots=True)
class Told:
    """What a trend is drawn from.

    `runs`: local_date, value, plain, coverage_pct, noise, usual_low, usual_high of every run, in
    the order of `shared_runs`. `weeks`: week_start, value, plain, ci_low, ci_high, n_runs, mdc95,
    sensor_epoch. `sensors`: sensor_epoch, opened_by, firmware_family, dynamics_source. `middle`:
    the even value of a metric that rises to the left. `moved`: change, noise and word of the last
    four weeks against the four before. `adjusted`: whether `value` is at reference speed.
    """

    metric: Metric
    runs: pl.DataFrame
    weeks: pl.DataFrame
    sensors: pl.DataFrame
    middle: float | None = None
    moved: Mapping[str, Any] | None = None
    adjusted: bool = False


def shared_runs(runs: pl.DataFrame) -> dict[str, list[Any]]:
    """Return what the dots of every metric share, oldest run first.

    `runs`: local_date, name, kind, href.
    """
    ordered = runs.sort("local_date")
    labels = [
        SEP.join(filter(None, (day_text(day), plain(name or ""), plain(kind or ""))))
        for day, name, kind in ordered.select("local_date", "name", "kind").iter_rows()
    ]
    return {"dates": days(ordered["local_date"]), "hrefs": ordered["href"].to_list(),
            "labels": labels}  # fmt: skip


def trend(told: Told) -> dict[str, Any]:
    """Return a metric's parts: one view at reference speed, one as run, and their columns."""
    runs = told.runs.sort("local_date")
    views = {"plain": _view(told, runs, "plain")}
    if told.adjusted:
        views["adjusted"] = _view(told, runs, "value")
    return {
        "label": told.metric.label,
        "least": round(LEAST_STEPS * 10.0**-told.metric.decimals, 6),
        "columns": {"sizes": dot_sizes(runs["coverage_pct"])},
        "views": views,
    }


def _view(told: Told, runs: pl.DataFrame, column: str) -> dict[str, Any]:
    metric = told.metric
    main = column == "value" or not told.adjusted
    weeks = told.weeks.drop_nulls(column).sort("week_start")
    parts = with_breaks(weeks, "week_start").partition_by("segment", maintain_order=True)
    fig = Sketch([], {"yaxis": {"title": {"text": axis_title(metric)}, "nticks": 6}})
    if main:
        _usual(fig, runs)
        _band(fig, parts)
    _dots(fig, runs, metric, column, main=main)
    _line(fig, parts, metric, column, main=main)
    _sensor_changes(fig, weeks, told.sensors)
    if told.middle is not None:
        around_middle(fig, [*runs[column].drop_nulls(), *weeks[column]], told.middle)
    return {
        "title": trend_finding(metric, weeks.with_columns(value=column), told.moved)
        if main else f"{metric.label} as run, not compared: pace and hills move it too",
        "subtitle": _subtitle(runs[column].count(), main=main, adjusted=told.adjusted),
        "data": fig.data, "layout": fig.layout,
    }  # fmt: skip


def _subtitle(n_runs: int, *, main: bool, adjusted: bool) -> str:
    drawn = {
        (True, True): "at reference speed, on the level",
        (True, False): "as run: this sensor has no values at reference speed yet",
    }.get((main, adjusted), "means of whole runs as they were run")
    dots = f"Dots: {plural(n_runs, 'run')}, larger with more coverage"
    if not main:
        return f"{dots}; line: weeks. {drawn.capitalize()}."
    return (
        f"{dots}, solid where beyond MDC of the six weeks before (light band); line: weeks with "
        f"95 % band. {drawn.capitalize()}."
    )


def _dots(fig: Sketch, runs: pl.DataFrame, metric: Metric, column: str, *, main: bool) -> None:
    unit = f" {metric.unit}" if metric.unit != "ratio" else ""
    noises = runs["noise"].to_list() if main else [None] * len(runs)
    said = [
        f"{unit}" if noise is None else f" ± {number(noise, metric.decimals)}{unit}"
        for noise in noises
    ]
    beyond = [
        SOLID if main and low is not None and value is not None and not low <= value <= high
        else OPEN
        for value, low, high in runs.select(column, "usual_low", "usual_high").iter_rows()
    ]  # fmt: skip
    fig.add_scatter(
        x="$dates", y=numbers(runs[column], metric.decimals + 1), mode="markers",
        ids="$hrefs", text="$labels", customdata=_coded(said), connectgaps=False,
        marker={
            "size": "$sizes", "symbol": beyond if SOLID in beyond else OPEN,
            "color": palette.METRIC, "opacity": 0.5,
            "line": {"width": 1.2, "color": palette.METRIC},
        },
        hovertemplate=f"%{{text}}<br>%{{y:.{metric.decimals}f}}%{{customdata}}<extra></extra>",
    )  # fmt: skip


def _coded(texts: list[str]) -> dict[str, Any]:
    """Write a column of few different texts as numbers of a list of them."""
    words = sorted(set(texts))
    at = {word: index for index, word in enumerate(words)}
    return {"words": words, "at": [at[text] for text in texts]}


def _line(
    fig: Sketch, parts: list[pl.DataFrame], metric: Metric, column: str, *, main: bool
) -> None:
    x: list[str | None] = []
    y: list[float | None] = []
    texts: list[str] = []
    for part in parts:
        x += [*_mid(part), None]
        y += [*numbers(part[column], metric.decimals + 2), None]
        noises = part["mdc95"].to_list() if main else [None] * len(part)
        rows = zip(part["week_start"], part[column], noises, part["n_runs"], strict=True)
        texts += [*(_week_text(metric, *row) for row in rows), ""]
    fig.add_scatter(
        x=x, y=y, mode="lines+markers", connectgaps=False, hovertext=texts, hoverinfo="text",
        line={"color": palette.METRIC, "width": 2}, marker={"size": 4, "color": palette.METRIC},
    )  # fmt: skip


def _mid(weeks: pl.DataFrame) -> list[str | None]:
    return days(weeks["week_start"].dt.offset_by("3d"))


def _week_text(metric: Metric, week: Any, value: float, noise: float | None, n_runs: int) -> str:  # noqa: ANN401 - a date
    around = f" ± {number(noise, metric.decimals)}" if noise is not None else ""
    unit = "" if metric.unit == "ratio" else f" {metric.unit}"
    told = f"{number(value, metric.decimals)}{around}{unit}"
    return f"Week of {short_day(week)} {week.year}<br>{told}<br>n {plural(n_runs, 'run')}"


Edges = tuple[list[str | None], list[float | None], list[float | None]]


def _edges(part: pl.DataFrame, there: list[str | None], names: tuple[str, str]) -> Edges:
    low, high = (numbers(part[name], 3) for name in names)
    return there, low, high


def _fill(fig: Sketch, x: list[str | None], y: list[float | None], tone: str) -> None:
    if x:
        fig.add_scatter(
            x=x, y=y, mode="lines", fill="toself", fillcolor=tone, hoverinfo="skip",
            line={"width": 0, "color": tone},
        )  # fmt: skip


def _band(fig: Sketch, parts: list[pl.DataFrame]) -> None:
    known = [part.drop_nulls(["ci_low", "ci_high"]) for part in parts]
    ends = [_edges(p, _mid(p), ("ci_low", "ci_high")) for p in known if len(p)]
    _fill(fig, *outline(ends), palette.BAND)


def _usual(fig: Sketch, runs: pl.DataFrame) -> None:
    """Draw where a run lies if nothing changed: the six weeks before ± MDC, one place a week."""
    week = pl.col("local_date").dt.truncate("1w")
    known = runs.drop_nulls(["usual_low", "usual_high"])
    weekly = known.group_by("sensor_epoch", week.alias("week_start"), maintain_order=True).agg(
        pl.col("local_date", "usual_low", "usual_high").first()
    )
    parts = with_breaks(weekly, "local_date").partition_by("segment", maintain_order=True)
    ends = [_edges(p, days(p["local_date"]), ("usual_low", "usual_high")) for p in parts]
    _fill(fig, *outline(ends), palette.SHADE)


def _sensor_changes(fig: Sketch, weeks: pl.DataFrame, sensors: pl.DataFrame) -> None:
    """Mark where a sensor that stays comes in; one that is worn for a week or two is no mark."""
    held = weeks.group_by("sensor_epoch").agg(pl.len().alias("n"), pl.col("week_start").min())
    later = pl.col("week_start") > pl.col("week_start").min()
    worn = held.filter(later & (pl.col("n") >= SETTLED_WEEKS)).sort("week_start", "sensor_epoch")
    told = {r["sensor_epoch"]: r for r in sensors.to_dicts()}
    words = [sensor_words(told[e]) if e in told else UNKNOWN for e in worn["sensor_epoch"]]
    changes = worn.select(day="week_start", words=pl.Series(words, dtype=pl.String))
    add_sensor_marks(fig, changes, bottom=BOTTOM)
