"""Exercises under one another: the best of each week by its own measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import (
    GAP_DAYS,
    Drawing,
    Empty,
    date_axis,
    days,
    figure,
    narrow,
    numbers,
    titled,
)
from carryover.charts.words import number, plain, plural, short_day

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHOWN: Final = 8
PANEL_PX: Final = 70
FOOT_PX: Final = 46
LABEL_SHARE: Final = 0.32
LONGEST: Final = 34
"""A longer name is cut: the table beneath has it whole."""
ROOM_SHARE: Final = 0.15
WORDS: Final = ("rising", "held", "falling")


def exercise_rows(weeks: pl.DataFrame) -> Drawing:
    """Draw a row an exercise, those done in most weeks.

    `weeks`: exercise_id, exercise, measure, unit, best, now_value, word_four, n_weeks, week_start,
    value; in the order in which the exercises are drawn.
    """
    names = weeks["exercise_id"].unique(maintain_order=True).to_list()[:SHOWN]
    if not names:
        return Empty(
            "No exercise with its weight or repetitions is known.",
            'Log one: `carryover log strength "hip thrust" --sets 3 --reps 8 --weight-kg 60`.',
        )
    fig = figure(PANEL_PX * len(names) + FOOT_PX)
    for index, name in enumerate(names):
        rows = weeks.filter(pl.col("exercise_id") == name).sort("week_start")
        _panel(fig, rows, index, len(names))
    date_axis(fig, anchor=_axis(len(names) - 1))
    main = f"The {len(names)} done in most weeks. " if len(names) == SHOWN else ""
    return narrow(
        titled(fig, _finding(weeks.filter(pl.col("exercise_id").is_in(names))),
               f"{main}A dot a week: the best set, each row on its own scale; a ring: the best "
               "ever, first reached. Where repetitions are told, kg is the estimated maximum. "
               "Lines break after three weeks without."),
        {"xaxis.nticks": 4},
    )  # fmt: skip


def _axis(index: int) -> str:
    return "y" if index == 0 else f"y{index + 1}"


def _finding(weeks: pl.DataFrame) -> str:
    words = weeks.unique("exercise_id")["word_four"].to_list()
    known = [f"{words.count(word)} {word}" for word in WORDS if word in words]
    total = plural(len(words), "exercise")
    if not known:
        return f"None of {total} can be held against the four weeks before"
    return f"{', '.join(known)} of {total}, four weeks against the four before"


def _panel(fig: go.Figure, rows: pl.DataFrame, index: int, n: int) -> None:
    first = rows.row(0, named=True)
    top, axis = 1 - index / n, _axis(index)
    digits = 1 if first["unit"] == "kg" else 0
    name = plain(first["exercise"])
    texts = [
        f"{name}<br>week of {short_day(day)} {day.year}<br>{first['measure']} "
        f"{number(value, digits)} {first['unit']}"
        for day, value in rows.select("week_start", "value").iter_rows()
    ]
    broken = _broken(rows)
    fig.add_scatter(
        x=days(broken["week_start"]), y=numbers(broken["value"], 2), yaxis=axis, mode="lines",
        line={"color": palette.DOSE, "width": 2}, hoverinfo="skip",
    )  # fmt: skip
    best = _first_best(rows["value"])
    fig.add_scatter(
        x=days(rows["week_start"]), y=numbers(rows["value"], 2), yaxis=axis, mode="markers",
        marker={"color": palette.DOSE, "size": [9 if b else 5 for b in best],
                "symbol": ["circle-open" if b else "circle" for b in best],
                "line": {"width": 2, "color": palette.DOSE}},
        hovertext=texts, hoverinfo="text",
    )  # fmt: skip
    low, high = float(rows["value"].min()), float(rows["value"].max())  # type: ignore[arg-type]
    room = max(ROOM_SHARE * (high - low), 0.02 * high, 0.5)
    layout: dict[str, Any] = {
        "domain": [top - 1 / n + 0.1 / n, top - LABEL_SHARE / n], "anchor": "x",
        "range": [low - room, high + room], "showticklabels": False, "showgrid": False,
    }  # fmt: skip
    fig.update_layout({f"yaxis{axis.removeprefix('y')}": layout})
    fig.add_annotation(
        text=_label(first, rows, digits), x=0, xref="paper", xanchor="left", showarrow=False,
        y=top - LABEL_SHARE / n, yref="paper", yanchor="bottom", align="left",
    )  # fmt: skip


def _first_best(values: pl.Series) -> list[bool]:
    """Tell of each value whether it is the highest, reached for the first time."""
    place = values.arg_max()
    return [index == place for index in range(len(values))]


def _label(first: dict[str, Any], rows: pl.DataFrame, digits: int) -> str:
    name = first["exercise"]
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    newest = f"{number(rows['value'][-1], digits)} {first['unit']}"
    word = f", {first['word_four']}" if first["word_four"] else ""
    return f"<b>{plain(short)}</b>  {newest}{word}"


def _broken(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with an empty one wherever the line must break."""
    gaps = rows.filter(pl.col("week_start").diff().dt.total_days() > GAP_DAYS)
    holes = gaps.select(
        pl.col("week_start").dt.offset_by("-1d"), pl.lit(None, pl.Float64).alias("value")
    )
    return pl.concat([rows.select("week_start", "value"), holes]).sort("week_start")
