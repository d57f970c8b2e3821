"""Glute dose a week by kind, as the strip that every trend shares, with the blocks behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import DATE_TICKS, days, numbers
from carryover.charts.dose_strip import BAR_SHARE, BENEATH, STEADY_DOSE, WEEK_MS
from carryover.charts.words import number, short_day

if TYPE_CHECKING:
    from datetime import date

KINDS: Final = (
    ("strength", "strength", "", 1.0),
    ("activation", "activation", "/", 0.35),
    ("hill_strides", "hill strides", "x", 0.35),
)
"""Column, name, pattern and how much of the bar the pattern inks; strength is solid."""


def kinds_strip(weeks: pl.DataFrame, blocks: pl.DataFrame, *, until: date) -> dict[str, Any]:
    """Return traces and layout of the strip.

    `weeks`: week_start, strength, activation, hill_strides, each in median sessions of its kind.
    `blocks`: from_date, to_date of the stretches with the strength habit.
    """
    total = pl.sum_horizontal(pl.col(name).fill_null(0.0) for name, *_ in KINDS)
    top = max([STEADY_DOSE, *weeks.select(total.alias("all"))["all"]])
    return {
        "data": [_bars(weeks, *kind) for kind in KINDS],
        "layout": {
            "barmode": "stack",
            "xaxis": {"type": "date", "anchor": "y2", "tickformatstops": DATE_TICKS},
            "yaxis2": {"domain": BENEATH, "range": [0, round(1.15 * top, 2)], "nticks": 3,
                       "title": {"text": "dose"}, "anchor": "x", "fixedrange": True},
            "shapes": [_block(row, until) for row in blocks.iter_rows(named=True)],
        },
        "subtitle": _subtitle(weeks, blocks),
    }  # fmt: skip


def _bars(weeks: pl.DataFrame, column: str, name: str, pattern: str, solidity: float) -> dict:  # type: ignore[type-arg]
    known = weeks.filter(pl.col(column) > 0)
    texts = [
        f"Week of {short_day(week)} {week.year}<br>{name}: {number(dose, 1)} median sessions"
        for week, dose in known.select("week_start", column).iter_rows()
    ]
    marker: dict[str, Any] = {"color": palette.DOSE, "line": {"width": 0}}
    if pattern:
        marker["pattern"] = {"shape": pattern, "solidity": solidity, "size": 5,
                             "fgcolor": palette.DOSE, "bgcolor": palette.PAPER}  # fmt: skip
    return {
        "type": "bar", "x": days(known["week_start"].dt.offset_by("3d")), "yaxis": "y2",
        "y": numbers(known[column], 2), "width": WEEK_MS * BAR_SHARE, "marker": marker,
        "hovertext": texts, "hoverinfo": "text",
    }  # fmt: skip


def _block(row: dict[str, Any], until: date) -> dict[str, Any]:
    return {
        "type": "rect", "x0": row["from_date"].isoformat(),
        "x1": min(row["to_date"] or until, until).isoformat(), "y0": 0, "y1": 1, "yref": "paper",
        "layer": "below", "fillcolor": palette.BLOCK, "line": {"width": 0},
    }  # fmt: skip


def _subtitle(weeks: pl.DataFrame, blocks: pl.DataFrame) -> str:
    held = [name for column, name, *_ in KINDS if (weeks[column].fill_null(0.0) > 0).any()]
    if not held:
        return "No strength session is known yet."
    looks = {"strength": "solid", "activation": "striped", "hill strides": "crossed"}
    told = ", ".join(f"{name} {looks[name]}" for name in held)
    shaded = " Tinted: weeks with the strength habit." if len(blocks) else ""
    return f"Beneath: dose a week, 1 is your median session of its kind ({told}).{shaded}"
