"""One-sided strength work by month: left beside right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, date_axis, days, figure, narrow, numbers, titled
from carryover.charts.words import LONG_MONTHS, number, plural

if TYPE_CHECKING:
    import polars as pl

HEIGHT_PX: Final = 220
SIDES: Final = {
    "left": (palette.LEFT, "circle", "-7d"), "right": (palette.RIGHT, "square", "7d"),
}  # fmt: skip
"""Colour and shape of a side, and how far beside the middle of its month it is drawn."""
EVEN_SHARE: Final = 0.05
"""So much more of one side than of the other is told as uneven [house estimate]."""


def side_doses(months: pl.DataFrame) -> Drawing:
    """Draw left_dose and right_dose by month_date; n_sessions tell their sides."""
    total = {side: float(months[f"{side}_dose"].sum() or 0.0) for side in SIDES}
    if not sum(total.values()):
        return Empty(
            "No one-sided set with its side is known.",
            'Log the side: `carryover log strength "step up" --side left --sets 3 --reps 10`.',
        )
    fig = figure(HEIGHT_PX)
    for side, (color, symbol, shift) in SIDES.items():
        texts = [
            f"{LONG_MONTHS[row['month_date'].month - 1]} {row['month_date'].year}<br>{side}: dose "
            f"{number(row[f'{side}_dose'], 2)}, {plural(row['n_sessions'], 'session')}"
            for row in months.iter_rows(named=True)
        ]
        fig.add_scatter(
            x=days(months["month_date"].dt.offset_by("14d").dt.offset_by(shift)),
            y=numbers(months[f"{side}_dose"], 3), mode="markers", hovertext=texts,
            hoverinfo="text", marker={"color": color, "symbol": symbol, "size": 8},
        )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", nticks=4, title={"text": "dose a month"})
    date_axis(fig)
    return narrow(
        titled(fig, _finding(total),
               "Of the sessions that tell their sides; 1 is your median strength session. "
               "Circle: left; square: right."),
        {"xaxis.nticks": 4},
    )  # fmt: skip


def _finding(total: dict[str, float]) -> str:
    share = total["left"] / sum(total.values())
    if abs(share - 0.5) <= EVEN_SHARE / 2:
        return "One-sided work is even: as much on the left as on the right"
    more, less = ("left", "right") if share > 0.5 else ("right", "left")  # noqa: PLR2004
    percent = number(100 * max(share, 1 - share))
    return f"{percent} % of the one-sided work is on the {more}, the rest on the {less}"
