"""Strength work by day and week: dose as flat steps of orange, kinds as marks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, date_axis, figure, narrow, titled
from carryover.charts.words import DAYS, day_text, number, plain, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT_PX: Final = 232
KIND_MARKS: Final = {"activation": "diamond", "hill_strides": "triangle-up"}
"""Kinds with a mark of their own; a strength session is told by its shade alone."""
KIND_WORDS: Final = {
    "strength": "strength", "activation": "activation", "hill_strides": "hill strides",
}  # fmt: skip
PHONE_WEEKS: Final = 18
N_DAYS: Final = 7


def strength_calendar(sessions: pl.DataFrame, *, since: date, until: date) -> Drawing:
    """Draw days (rows) by weeks (columns) from the Monday of `since` to `until`.

    `sessions`: local_date, kind, dose (null where unknown), n_sets.
    """
    sessions = sessions.filter(pl.col("local_date").is_between(since, until)).sort("local_date")
    if sessions.is_empty():
        return Empty(
            "No strength session is known for these weeks.",
            "Log one with `carryover log strength`, or record it on the watch.",
        )
    first = since - timedelta(days=since.weekday())
    mondays = [first + timedelta(days=7 * k) for k in range((until - first).days // N_DAYS + 1)]
    fig = figure(HEIGHT_PX)
    _cells(fig, sessions, mondays, until)
    _marks(fig, sessions)
    fig.update_yaxes(
        tickmode="array", tickvals=list(range(N_DAYS)), ticktext=list(DAYS),
        range=[6.5, -0.5], showgrid=False,
    )  # fmt: skip
    date_axis(fig, range=[_edge(mondays[0], -4), _edge(mondays[-1], 4)])
    early = max(0, len(mondays) - PHONE_WEEKS)
    return narrow(
        titled(fig, _finding(sessions, len(mondays)),
               "A square a day; darker with more glute dose (1 is your median session). "
               "Diamond: activation; triangle: hill strides."),
        {"xaxis.range": [_edge(mondays[early], -4), _edge(mondays[-1], 4)], "xaxis.nticks": 4},
    )  # fmt: skip


def _edge(day: date, shift: int) -> str:
    return (day + timedelta(days=shift)).isoformat()


def _finding(sessions: pl.DataFrame, n_weeks: int) -> str:
    lifting = sessions.filter(pl.col("kind") == "strength")
    rate = number(len(lifting) / n_weeks, 1)
    return f"{plural(len(lifting), 'strength session')} in {plural(n_weeks, 'week')}, {rate} a week"


def _step(dose: float | None) -> int:
    return sum((dose or 0.0) > limit for limit in palette.DOSE_LIMITS)


def _cells(fig: go.Figure, sessions: pl.DataFrame, mondays: list[date], until: date) -> None:
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in sessions.iter_rows(named=True):
        by_day.setdefault(row["local_date"], []).append(row)
    steps: list[list[int | None]] = []
    texts: list[list[str]] = []
    for weekday in range(N_DAYS):
        week_days = [monday + timedelta(days=weekday) for monday in mondays]
        done = [by_day.get(day, []) for day in week_days]
        steps.append(
            [_day_step(rows) if day <= until else None
             for day, rows in zip(week_days, done, strict=True)]
        )  # fmt: skip
        texts.append([_text(day, rows) for day, rows in zip(week_days, done, strict=True)])
    fig.add_heatmap(
        x=[monday.isoformat() for monday in mondays], y=list(range(N_DAYS)), z=steps,
        zmin=-0.5, zmax=len(palette.DOSE_STEPS) - 0.5, colorscale=_flat_scale(), showscale=False,
        xgap=2, ygap=2, hovertext=texts, hoverinfo="text", hoverongaps=False,
    )  # fmt: skip


def _day_step(rows: list[dict[str, Any]]) -> int:
    """Return the shade of a day: sessions whose dose is unknown get the lightest one."""
    if not rows:
        return 0
    return max(1, _step(sum(row["dose"] or 0.0 for row in rows)))


def _flat_scale() -> list[list[float | str]]:
    steps = palette.DOSE_STEPS
    edges = [(k / len(steps), (k + 1) / len(steps), tone) for k, tone in enumerate(steps)]
    return [[round(edge, 4), tone] for low, high, tone in edges for edge in (low, high)]


def _text(day: date, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return f"{day_text(day)}<br>no session"
    return "<br>".join([day_text(day), *(_session_text(row) for row in rows)])


def _session_text(row: dict[str, Any]) -> str:
    kind = KIND_WORDS.get(row["kind"], plain(str(row["kind"])))
    dose = f"dose {number(row['dose'], 1)}" if row["dose"] is not None else "dose unknown"
    sets = f", {plural(row['n_sets'], 'set')}" if row["n_sets"] else ""
    return f"{kind}: {dose}{sets}"


def _marks(fig: go.Figure, sessions: pl.DataFrame) -> None:
    marked = sessions.filter(pl.col("kind").is_in(list(KIND_MARKS)))
    if marked.is_empty():
        return
    x = [(day - timedelta(days=day.weekday())).isoformat() for day in marked["local_date"]]
    fig.add_scatter(
        x=x, y=[day.weekday() for day in marked["local_date"]], mode="markers", hoverinfo="skip",
        marker={
            "symbol": [KIND_MARKS[kind] for kind in marked["kind"]],
            "size": 7, "color": palette.INK, "line": {"width": 0},
        },
    )  # fmt: skip
