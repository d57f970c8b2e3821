"""Weekly dose by kind of work: strength, activation and hill strides under one another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, date_axis, days, figure, narrow, numbers, titled
from carryover.charts.dose_strip import BAR_SHARE, WEEK_MS
from carryover.charts.words import number, plural, short_day

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

KINDS: Final = {
    "strength": "strength", "activation": "activation drills", "hill_strides": "hill strides",
}  # fmt: skip
"""Columns of the frame → what the kind is called, top to bottom."""
PANEL_PX: Final = 98
FOOT_PX: Final = 46
LABEL_SHARE: Final = 0.36
"""Of a panel's height, for the words above it."""


def dose_kinds(weeks: pl.DataFrame, *, since: date, until: date) -> Drawing:
    """Draw bars a week; `weeks`: week_start, and a column a kind, null where it is not known."""
    told = [kind for kind in KINDS if (weeks[kind].sum() or 0) > 0]
    if not told:
        return Empty(
            "No dose is known for these weeks.",
            "Log a session with `carryover log strength`, or drop a strength file into data/raw.",
        )
    fig = figure(PANEL_PX * len(told) + FOOT_PX)
    for index, kind in enumerate(told):
        _panel(fig, weeks, kind, index, len(told))
    date_axis(fig, range=[since.isoformat(), until.isoformat()], anchor=_axis(len(told) - 1))
    return narrow(
        titled(fig, _finding(weeks, told),
               "Dose a week. In each row 1 is your own median session of that kind; rows do not "
               "add up."),
        {"xaxis.nticks": 4},
    )  # fmt: skip


def _axis(index: int) -> str:
    return "y" if index == 0 else f"y{index + 1}"


def _finding(weeks: pl.DataFrame, told: list[str]) -> str:
    n = len(weeks)
    parts = []
    for kind in told:
        active = int((weeks[kind].fill_null(0.0) > 0).sum())
        parts.append(f"{KINDS[kind]} in {active}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]} of {plural(n, 'week')}"


def _panel(fig: go.Figure, weeks: pl.DataFrame, kind: str, index: int, n: int) -> None:
    top = 1 - index / n
    texts = [
        f"Week of {short_day(row['week_start'])} {row['week_start'].year}<br>{KINDS[kind]}: "
        f"dose {number(row[kind], 1)}"
        for row in weeks.iter_rows(named=True)
    ]
    fig.add_bar(
        x=days(weeks["week_start"].dt.offset_by("3d")), y=numbers(weeks[kind], 2),
        yaxis=_axis(index), width=[WEEK_MS * BAR_SHARE] * len(weeks),
        marker={"color": palette.DOSE, "line": {"width": 0}}, hovertext=texts, hoverinfo="text",
    )  # fmt: skip
    axis: dict[str, Any] = {
        "domain": [top - 1 / n, top - LABEL_SHARE / n], "rangemode": "tozero", "nticks": 2,
        "anchor": "x", "title": {"text": ""},
        "range": [0, 1.15 * max(1.0, float(weeks[kind].max() or 0))],  # type: ignore[arg-type]
    }  # fmt: skip
    fig.update_layout({f"yaxis{_axis(index).removeprefix('y')}": axis})
    fig.add_annotation(
        text=f"{KINDS[kind]}, dose a week", x=0, xref="paper", xanchor="left", showarrow=False,
        y=top - LABEL_SHARE / n, yref="paper", yanchor="bottom", font={"color": palette.SOFT},
    )  # fmt: skip
