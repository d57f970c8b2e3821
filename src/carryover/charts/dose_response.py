"""Form over the dose of the weeks before, run by run, with all else taken out."""

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
    titled,
)
from carryover.charts.words import day_text, number, plain, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from carryover.metrics import Metric

HEIGHT_PX: Final = 380
LINE_POINTS: Final = 40
MIN_PX: Final = 4.0
MAX_PX: Final = 9.0
MANY: Final = 500
FEW_OPACITY: Final = 0.6
MANY_OPACITY: Final = 0.3
BENT: Final = 0.05
HABIT: Final = 1.0
"""The dose of a steady two sessions a week."""
DOSE_DIGITS: Final = 3


def dose_response(
    metric: Metric, answer: dict[str, Any], points: pl.DataFrame, groups: pl.DataFrame
) -> Drawing:
    """Draw the primary answer's own runs, its straight line and means of runs of like dose.

    `answer`: outcome, effect, ci_low, ci_high, p_curve of its row of `carry_over`; `points` of
    `carry_over_point`, with href; `groups` of `carry_over_group`.
    """
    if points.is_empty() or answer["effect"] is None:
        return Empty(
            "There is no line through the runs yet: too few runs know the dose of the weeks before "
            "them.",
            "Keep logging runs and strength sessions; weeks with and weeks without both count.",
        )
    points = points.sort("dose", "run_id")
    fig = figure(HEIGHT_PX)
    line = _band(fig, metric, points)
    _dots(fig, metric, points, palette.DRIFT if answer["outcome"] == "decay" else palette.METRIC)
    fig.add_scatter(**line)
    _means(fig, metric, groups)
    _axes(fig, metric, answer["outcome"], points)
    return narrow(
        titled(fig, _finding(metric, answer), _subtitle(answer, points, groups)),
        {"xaxis.nticks": 5, "xaxis.title.text": "dose (1: two sessions a week)"},
    )


def _finding(metric: Metric, answer: dict[str, Any]) -> str:
    digits = metric.decimals + 1
    low, high = (number(answer[k], digits, signed=True) for k in ("ci_low", "ci_high"))
    size = difference(metric, answer["effect"], digits)
    head = "" if answer["ci_low"] > 0 or answer["ci_high"] < 0 else "No slope can be told: "
    bent = answer["p_curve"] is not None and answer["p_curve"] < BENT
    tail = ", and the line bends" if bent else ""
    return f"{head}{size} from no work to two sessions a week (95 %: {low} to {high}){tail}"


def _subtitle(answer: dict[str, Any], points: pl.DataFrame, groups: pl.DataFrame) -> str:
    said = [
        (
            "Dots: runs, with load, heat, length, sensor, slow time and the last 48 hours taken "
            "out, larger where the run tells more; line and band: the fit with its 95 %."
        )
    ]
    if len(groups):
        said.append("Diamonds: means of runs of like dose with their 95 %.")
    said.append(_straight(answer["p_curve"]))
    most = float(points["dose"].max())  # type: ignore[arg-type]
    if most < HABIT:
        said.append(
            f"No run had seen a steady two sessions a week (most: {number(most, 2)}): the size is "
            "read off the line beyond them."
        )
    return " ".join(said)


def _straight(p: float | None) -> str:
    if p is None:
        return "A straight line is assumed."
    told = f"p = {number(p, 2)}" if p >= 0.01 else "p < 0.01"  # noqa: PLR2004 - what is printed
    if p < BENT:
        return (
            f"A straight line is assumed, and the means bend away from it ({told}): the size is an "
            "average over few and many sessions."
        )
    return f"A straight line is assumed; no bend is seen ({told})."


def _band(fig: go.Figure, metric: Metric, points: pl.DataFrame) -> dict[str, Any]:
    """Draw the band over the doses that runs have seen; returns the line, to lie on the dots."""
    at = points.unique("dose", maintain_order=True)
    step = max(len(at) // LINE_POINTS, 1)
    some = pl.concat([at.gather_every(step), at.tail(1)]).unique("dose", maintain_order=True)
    x = numbers(some["dose"], DOSE_DIGITS)
    middle, low, high = (
        numbers(some[name], metric.decimals + 2) for name in ("fitted", "fitted_low", "fitted_high")
    )
    fig.add_scatter(
        x=[*x, *reversed(x)], y=[*low, *reversed(high)], mode="lines", fill="toself",
        fillcolor=palette.BAND, hoverinfo="skip", line={"width": 0, "color": palette.BAND},
    )  # fmt: skip
    ink = {"color": palette.INK, "width": 2}
    return {"x": x, "y": middle, "mode": "lines", "hoverinfo": "skip", "line": ink}


def _dots(fig: go.Figure, metric: Metric, points: pl.DataFrame, tone: str) -> None:
    size = (MIN_PX + points["weight"].clip(0.0, 1.0) * (MAX_PX - MIN_PX)).round(1)
    fig.add_scatter(
        x=numbers(points["dose"], DOSE_DIGITS),
        y=numbers(points["partial_residual"], metric.decimals + 1), mode="markers",
        marker={
            "size": size.to_list(), "color": tone, "line": {"width": 0.5, "color": palette.PAPER},
            "opacity": FEW_OPACITY if len(points) <= MANY else MANY_OPACITY,
        },
        hovertext=[_text(metric, row) for row in points.iter_rows(named=True)], hoverinfo="text",
        customdata=points["href"].to_list(),
    )  # fmt: skip
    fig.add_scatter(
        x=numbers(points["dose"], DOSE_DIGITS), y=[0.02] * len(points), yaxis="y2",
        mode="markers", hoverinfo="skip",
        marker={"symbol": "line-ns-open", "size": 7, "color": palette.SOFT, "line": {"width": 1}},
    )  # fmt: skip


def _text(metric: Metric, row: dict[str, Any]) -> str:
    digits = metric.decimals
    day = day_text(row["local_date"]) if row["local_date"] else "run"
    value, part = (number(row[k], digits) for k in ("value", "partial_residual"))
    unit = plain(difference_unit(metric) if row["outcome"] == "decay" else metric.unit)
    return (
        f"{day}<br>{value} {unit}<br>all else taken out: {part} {unit}<br>"
        f"dose {number(row['dose'], 2)}"
    )


def _means(fig: go.Figure, metric: Metric, groups: pl.DataFrame) -> None:
    if groups.is_empty():
        return
    digits = metric.decimals + 2
    up, down = groups["ci_high"] - groups["value"], groups["value"] - groups["ci_low"]
    fig.add_scatter(
        x=numbers(groups["dose"], DOSE_DIGITS), y=numbers(groups["value"], digits), mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": palette.INK,
                "line": {"width": 1.5, "color": palette.PAPER}},
        error_y={"type": "data", "array": numbers(up, digits), "arrayminus": numbers(down, digits),
                 "color": palette.INK, "thickness": 1.5, "width": 4},
        hovertext=[_group_text(metric, row) for row in groups.iter_rows(named=True)],
        hoverinfo="text",
    )  # fmt: skip


def _group_text(metric: Metric, row: dict[str, Any]) -> str:
    digits = metric.decimals + 1
    value, low, high = (number(row[k], digits) for k in ("value", "ci_low", "ci_high"))
    ends = f"{number(row['dose_low'], 2)} to {number(row['dose_high'], 2)}"
    return (
        f"dose {ends}<br>mean {value}<br>95 %: {low} to {high}<br>n {plural(row['n_runs'], 'run')}"
    )


def _axes(fig: go.Figure, metric: Metric, outcome: str, points: pl.DataFrame) -> None:
    """Mark two sessions a week, and zero where the outcome is a change within a run."""
    least, most = (float(points["dose"].min()), float(points["dose"].max()))  # type: ignore[arg-type]
    low, high = min(least, 0.0), max(most, HABIT)
    room = 0.04 * (high - low)
    fig.update_xaxes(
        title={"text": "dose of the weeks before (1: two sessions a week)"},
        range=[low - room, high + room],
    )
    unit = difference_unit(metric) or "ratio"
    told = f"late − early, {unit}" if outcome == "decay" else metric.unit
    fig.update_yaxes(title={"text": told}, nticks=7)
    fig.update_layout(
        yaxis2={"overlaying": "y", "visible": False, "range": [0, 1], "fixedrange": True},
        margin={"t": 26},
    )
    fig.add_shape(
        type="line", x0=HABIT, x1=HABIT, y0=0, y1=1, yref="paper", layer="below",
        line={"color": palette.SOFT, "width": 1, "dash": "dot"},
    )  # fmt: skip
    right = high - HABIT < 0.5 * (high - low)
    fig.add_annotation(
        x=HABIT,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right" if right else "left",
        text="two sessions a week",
    )
    if outcome == "decay":
        fig.add_shape(
            type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, layer="below",
            line={"color": palette.SOFT, "width": 1},
        )  # fmt: skip
