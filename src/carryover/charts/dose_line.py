"""The chronic glute dose X28 that every effect is told for: 1 is a steady two sessions a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, date_axis, days, figure, narrow, numbers, titled
from carryover.charts.words import day_text, number

if TYPE_CHECKING:
    import polars as pl

HEIGHT_PX: Final = 220
MAX_POINTS: Final = 1500
"""Beyond, every second, third … day is drawn: the line is slow (28 days)."""


def dose_line(dose: pl.DataFrame) -> Drawing:
    """Draw `chronic_28` by day (columns local_date, chronic_28) against a steady two a week."""
    dose = dose.drop_nulls("chronic_28").sort("local_date")
    if dose.is_empty() or dose["chronic_28"].max() == 0:
        return Empty(
            "There is no glute dose yet.",
            "Log a session with `carryover log strength`, or drop a strength file into data/raw.",
        )
    stride = -(-len(dose) // MAX_POINTS)
    kept = dose.gather_every(stride) if stride > 1 else dose
    texts = [
        f"{day_text(day)}<br>glute dose {number(x, 2)}"
        for day, x in kept.select("local_date", "chronic_28").iter_rows()
    ]
    fig = figure(HEIGHT_PX)
    fig.add_scatter(
        x=days(kept["local_date"]), y=numbers(kept["chronic_28"], 3), mode="lines",
        line={"color": palette.DOSE, "width": 2.5}, hovertext=texts, hoverinfo="text",
    )  # fmt: skip
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=1, y1=1,
        line={"color": palette.SOFT, "width": 1, "dash": "dash"},
    )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", nticks=5, title={"text": "1 = two a week"})
    date_axis(fig)
    every = f", every {stride} days" if stride > 1 else ""
    last = number(float(kept["chronic_28"][-1]), 1)
    return narrow(
        titled(fig, f"Glute dose stands at {last} of a steady two sessions a week",
               f"Dose of the days before, fading over 28 days{every}. Dashed: two a week."),
        {"xaxis.nticks": 5},
    )  # fmt: skip
