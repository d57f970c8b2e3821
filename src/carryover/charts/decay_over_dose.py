"""Late-run drift, run by run, over the glute dose of the same weeks."""

from __future__ import annotations

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
from carryover.charts.dose_strip import add_dose_strip
from carryover.charts.dots import clear_of_zero, interval_bars
from carryover.charts.sensor_marks import add_sensor_marks, sensor_changes
from carryover.charts.words import day_text, number, plural

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 340
ABOVE: Final = [0.28, 1.0]


def decay_over_dose(
    metric: Metric,
    drift: pl.DataFrame,
    dose: pl.DataFrame,
    *,
    since: date,
    until: date,
    sensors: pl.DataFrame | None = None,
) -> Drawing:
    """Draw each eligible run's drift (late minus early) with its 95 % interval, over dose.

    `drift`: local_date, change_adj, ci_low, ci_high, href. `dose`: week_start, dose, n_sessions.
    `sensors`: from_date, to_date, opened_by, firmware_family, dynamics_source, to mark changes.
    """
    drift = drift.drop_nulls("change_adj").sort("local_date")
    if drift.is_empty():
        return Empty(
            "No run of these weeks was long and steady enough to show late-run drift.",
            "Run 50 minutes or more at an even pace, wearing the same sensor.",
        )
    fig = figure(HEIGHT_PX)
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line={"color": palette.SOFT, "width": 1}
    )
    _dots(fig, drift, metric)
    if sensors is not None:
        shown = sensor_changes(sensors).filter(pl.col("day").is_between(since, until))
        add_sensor_marks(fig, shown, bottom=ABOVE[0], span=(since, until))
    fig.update_yaxes(
        domain=ABOVE,
        title={"text": f"late − early, {difference_unit(metric) or 'ratio'}"},
        nticks=6,
    )
    add_dose_strip(fig, dose, axis="y2")
    fig.update_xaxes(range=[since.isoformat(), until.isoformat()])
    return narrow(
        titled(
            fig,
            drift_finding(metric, drift),
            "Each dot: one long run, late minus early at equal pace and grade, with 95 % interval; "
            "solid where it clears zero. Beneath: glute dose a week, 1 is your median session.",
        ),
        {"xaxis.nticks": 5},
    )


def drift_finding(metric: Metric, drift: pl.DataFrame) -> str:
    """Say how far a metric drifted in the middle run, and in the furthest to both sides.

    `drift`: change_adj, one row a run, none null.
    """
    change = drift["change_adj"]
    low, mid, high = change.min(), change.median(), change.max()
    words = [
        difference(metric, float(v), metric.decimals)
        for v in (low, mid, high)
        if isinstance(v, float)
    ]
    if len(drift) == 1:
        return f"{metric.label} drifted by {words[1]} in one long run"
    return (
        f"{metric.label} drifted by {words[1]} in the middle of {plural(len(drift), 'long run')} "
        f"({words[0]} to {words[2]})"
    )


def _dots(fig: go.Figure, drift: pl.DataFrame, metric: Metric) -> None:
    digits = metric.decimals + 1
    fig.add_scatter(
        x=days(drift["local_date"]), y=numbers(drift["change_adj"], digits), mode="markers",
        error_y=interval_bars(drift, digits),
        marker={
            "size": 10, "color": palette.DRIFT, "line": {"width": 2, "color": palette.DRIFT},
            "symbol": ["circle" if c else "circle-open" for c in clear_of_zero(drift)],
        },
        hovertext=[_text(metric, row) for row in drift.iter_rows(named=True)], hoverinfo="text",
        customdata=drift["href"].to_list(),
    )  # fmt: skip


def _text(metric: Metric, row: dict[str, Any]) -> str:
    low, high = (number(row[k], metric.decimals, signed=True) for k in ("ci_low", "ci_high"))
    return (
        f"{day_text(row['local_date'])}<br>{difference(metric, row['change_adj'], metric.decimals)}"
        f"<br>95 %: {low} to {high}"
    )
