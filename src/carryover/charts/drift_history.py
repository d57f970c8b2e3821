"""Late-run drift of every judged run: adjusted and as recorded, over glute dose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    days,
    difference,
    difference_unit,
    figure,
    narrow,
    numbers,
    titled,
)
from carryover.charts.decay_over_dose import drift_finding
from carryover.charts.dose_strip import add_dose_strip
from carryover.charts.dots import Look, clear_of_zero, interval_bars, look
from carryover.charts.running_middle import add_running_middle
from carryover.charts.sensor_marks import add_sensor_marks, sensor_changes
from carryover.charts.words import day_text, number

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 420
ABOVE: Final = [0.25, 1.0]
ROOM: Final = 1.08
NO_RUN: Final = Empty(
    "No run was long and steady enough to show late-run drift.",
    "Run 50 minutes or more at an even pace, wearing the same sensor.",
)


@dataclass(frozen=True, slots=True)
class Worth:
    """A band around zero, ± `half` in the metric's unit, and what it stands for."""

    half: float
    words: str


def drift_history(
    metric: Metric,
    drift: pl.DataFrame,
    dose: pl.DataFrame,
    *,
    since: date,
    until: date,
    sensors: pl.DataFrame,
    worth: Worth | None = None,
) -> Drawing:
    """Draw each judged run's drift with its 95 % interval, the raw change beside it, over dose.

    `drift`: local_date, change, change_adj, ci_low, ci_high, sensor_epoch, href.
    `dose`: week_start, dose, n_sessions. `sensors` as for `sensor_changes`.
    """
    drift = drift.drop_nulls("change_adj").sort("local_date")
    if drift.is_empty():
        return NO_RUN
    dots = look(len(drift), 9)
    fig = figure(HEIGHT_PX)
    if worth:
        _band(fig, worth.half)
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line={"color": palette.SOFT, "width": 1}
    )
    _raw(fig, drift, metric, dots)
    _adjusted(fig, drift, metric, dots)
    window = add_running_middle(fig, drift, "change_adj", metric.decimals + 1, colour=palette.DRIFT)
    shown = sensor_changes(sensors).filter(pl.col("day").is_between(since, until))
    add_sensor_marks(fig, shown, bottom=ABOVE[0], span=(since, until))
    fig.update_yaxes(
        domain=ABOVE, nticks=7, range=_reach(drift),
        title={"text": f"late − early, {difference_unit(metric) or 'ratio'}"},
    )  # fmt: skip
    add_dose_strip(fig, dose, axis="y2")
    fig.update_xaxes(range=[since.isoformat(), until.isoformat()])
    words = _subtitle(metric, worth, dots, window)
    return narrow(titled(fig, drift_finding(metric, drift), words), {"xaxis.nticks": 5})


def _subtitle(metric: Metric, worth: Worth | None, dots: Look, window: int) -> str:
    interval = "with 95 % interval, solid where it" if dots.has_bars else "solid where its interval"
    text = (
        f"Dots: late minus early at equal pace and grade, {interval} clears zero. Diamonds: the "
        "same as recorded. "
    )
    if window:
        text += f"Line: the middle of {window} neighbouring runs with one sensor. "
    if worth:
        half = number(worth.half, metric.decimals + 1)
        text += f"Shaded: ± {half} {difference_unit(metric)}, {worth.words}. ".replace(" ,", ",")
    return text + "Beneath: glute dose a week, 1 is your median session."


def _reach(drift: pl.DataFrame) -> list[float]:
    """Return the span of all dots and diamonds and of nearly all intervals.

    One run with a huge interval must not flatten ten years.
    """
    dots = pl.concat([drift["change_adj"], drift["change"]]).drop_nulls()
    ends = [drift["ci_low"].quantile(0.05), drift["ci_high"].quantile(0.95)]
    known = [0.0, *dots.to_list(), *(end for end in ends if end is not None)]
    low, high = min(known), max(known)
    spare = (ROOM - 1.0) * (high - low or 1.0)
    return [low - spare, high + spare]


def _band(fig: go.Figure, half: float) -> None:
    fig.add_shape(
        type="rect", x0=0, x1=1, xref="paper", y0=-half, y1=half, layer="below",
        fillcolor=palette.SHADE, line={"width": 0},
    )  # fmt: skip


def _raw(fig: go.Figure, drift: pl.DataFrame, metric: Metric, dots: Look) -> None:
    known = drift.drop_nulls("change")
    fig.add_scatter(
        x=days(known["local_date"]), y=numbers(known["change"], metric.decimals + 1),
        mode="markers", hoverinfo="text", customdata=known["href"].to_list(),
        marker={
            "size": max(4, dots.size - 2), "symbol": "diamond-open", "color": palette.SOFT,
            "opacity": 0.55 * dots.opacity, "line": {"width": 1.2, "color": palette.SOFT},
        },
        hovertext=[_text(metric, row) for row in known.iter_rows(named=True)],
    )  # fmt: skip


def _adjusted(fig: go.Figure, drift: pl.DataFrame, metric: Metric, dots: Look) -> None:
    digits = metric.decimals + 1
    clear = clear_of_zero(drift)
    fig.add_scatter(
        x=days(drift["local_date"]), y=numbers(drift["change_adj"], digits), mode="markers",
        error_y=interval_bars(drift, digits) | {
            "color": palette.SOFT if dots.opacity == 1.0 else palette.BAND,
            "visible": dots.has_bars,
        },
        marker={
            "size": dots.size, "color": palette.DRIFT, "opacity": dots.opacity,
            "line": {"width": 1.6, "color": palette.DRIFT},
            "symbol": ["circle" if c else "circle-open" for c in clear],
        },
        hovertext=[_text(metric, row) for row in drift.iter_rows(named=True)], hoverinfo="text",
        customdata=drift["href"].to_list(),
    )  # fmt: skip


def _text(metric: Metric, row: dict[str, Any]) -> str:
    low, high = (number(row[k], metric.decimals, signed=True) for k in ("ci_low", "ci_high"))
    raw = difference(metric, row["change"], metric.decimals) if row["change"] is not None else "–"
    return (
        f"{day_text(row['local_date'])}<br>"
        f"{difference(metric, row['change_adj'], metric.decimals)} at equal pace and grade"
        f"<br>95 %: {low} to {high}<br>{raw} as recorded"
    )
