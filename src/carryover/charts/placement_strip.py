"""Strength sessions among hard and long runs, on one axis of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, date_axis, days, figure, narrow, titled
from carryover.charts.words import day_text, number, plain, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT_PX: Final = 210
ROWS: Final = ("hard run", "long run", "strength")
HARD: Final = ("workout", "race")
LONG: Final = "long"
PHONE: Final = timedelta(weeks=4)


def placement_strip(
    placed: pl.DataFrame, runs: pl.DataFrame, *, since: date, until: date
) -> Drawing:
    """Draw sessions over runs from `since` to `until`.

    `placed`: local_date, flag, rule. `runs`: local_date, kind, distance_m, href (null without a
    page of its own).
    """
    placed = placed.filter(pl.col("local_date").is_between(since, until)).sort("local_date")
    runs = runs.filter(pl.col("local_date").is_between(since, until)).sort("local_date")
    heavy = runs.filter(pl.col("kind").is_in([*HARD, LONG]))
    if placed.is_empty() and heavy.is_empty():
        return Empty(
            f"No strength session and no hard or long run is known since {day_text(since)}.",
            "Log one with `carryover log strength`, or record it on the watch.",
        )
    fig = figure(HEIGHT_PX)
    _runs(fig, heavy.filter(pl.col("kind") != LONG), 0, "diamond")
    _runs(fig, heavy.filter(pl.col("kind") == LONG), 1, "line-ew")
    flagged = placed.drop_nulls("flag")
    _sessions(fig, placed.filter(pl.col("flag").is_null()), "square")
    _sessions(fig, flagged, "x")
    fig.update_yaxes(
        tickmode="array", tickvals=list(range(len(ROWS))), ticktext=list(ROWS),
        range=[len(ROWS) - 0.3, -0.5], showgrid=False,
    )  # fmt: skip
    edge = timedelta(days=1)
    date_axis(fig, range=[(since - edge).isoformat(), (until + edge).isoformat()])
    early = max(since, until - PHONE)
    return narrow(
        titled(fig, _finding(placed, flagged),
               "Square: placed well; cross: beside a hard or long run, with what speaks against "
               "the day. Diamond: workout or race; bar: long run."),
        {"xaxis.range": [(early - edge).isoformat(), (until + edge).isoformat()],
         "xaxis.nticks": 4},
    )  # fmt: skip


def _finding(placed: pl.DataFrame, flagged: pl.DataFrame) -> str:
    if placed.is_empty():
        return "No strength session among the hard and long runs of these weeks"
    n = plural(len(placed), "session")
    if flagged.is_empty():
        return f"All clear of hard and long runs: {n}"
    return f"Beside a hard or a long run: {len(flagged)} of {n}"


def _runs(fig: go.Figure, runs: pl.DataFrame, row: int, symbol: str) -> None:
    texts = [
        f"{day_text(day)}<br>{plain(kind)}"
        + (f", {number(metres / 1000, 1)} km" if metres is not None else "")
        for day, kind, metres in runs.select("local_date", "kind", "distance_m").iter_rows()
    ]
    fig.add_scatter(
        x=days(runs["local_date"]), y=[row] * len(runs), mode="markers", hovertext=texts,
        hoverinfo="text", customdata=runs["href"].to_list(),
        marker={"symbol": symbol, "size": 11, "color": palette.INK,
                "line": {"width": 3 if symbol == "line-ew" else 0, "color": palette.INK}},
    )  # fmt: skip


def _sessions(fig: go.Figure, sessions: pl.DataFrame, symbol: str) -> None:
    texts = [
        f"{day_text(day)}<br>strength session{', ' + plain(flag) if flag else ''}"
        for day, flag in sessions.select("local_date", "flag").iter_rows()
    ]
    fig.add_scatter(
        x=days(sessions["local_date"]), y=[2] * len(sessions), mode="markers+text",
        text=[plain(rule or "") for rule in sessions["rule"]], textposition="bottom center",
        textfont={"color": palette.SOFT, "size": 11}, hovertext=texts, hoverinfo="text",
        marker={"symbol": symbol, "size": 11, "color": palette.DOSE, "line": {"width": 0}},
    )  # fmt: skip
