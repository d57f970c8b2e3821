"""Contact time of the left and of the right foot, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts.balance_history import NO_BALANCE, SIDES
from carryover.charts.base import (
    Drawing,
    date_axis,
    days,
    figure,
    narrow,
    numbers,
    titled,
    with_breaks,
)
from carryover.charts.words import number, plural, short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

HEIGHT_PX: Final = 260
LATE_WEEKS: Final = 12


def contact_sides(weeks: Mapping[str, pl.DataFrame]) -> Drawing:
    """Draw both feet as lines that break at gaps and at changes of the sensor.

    `weeks` by side: week_start, value (ms), n_runs, sensor_epoch.
    """
    known = {side: frame.drop_nulls("value").sort("week_start") for side, frame in weeks.items()}
    if any(frame.is_empty() for frame in known.values()):
        return NO_BALANCE
    fig = figure(HEIGHT_PX)
    for side, colour, symbol in SIDES:
        frame = known[side]
        x: list[str | None] = []
        y: list[float | None] = []
        texts: list[str] = []
        for part in with_breaks(frame, "week_start").partition_by("segment", maintain_order=True):
            x += [*days(part["week_start"].dt.offset_by("3d")), None]
            y += [*numbers(part["value"], 1), None]
            texts += [
                f"Week of {short_day(row['week_start'])} {row['week_start'].year}<br>{side} "
                f"{number(row['value'])} ms, {plural(row['n_runs'], 'run')}"
                for row in part.iter_rows(named=True)
            ] + [""]
        fig.add_scatter(
            x=x, y=y, mode="lines+markers", connectgaps=False, hovertext=texts, hoverinfo="text",
            line={"color": colour, "width": 2},
            marker={"size": 5, "color": colour, "symbol": symbol},
        )  # fmt: skip
        fig.add_annotation(
            x=x[-2], y=y[-2], text=side, xanchor="left", xshift=6, yanchor=_where(side, known)
        )
    fig.update_yaxes(title={"text": "ms"}, nticks=6)
    fig.update_layout(margin={"r": 44})
    date_axis(fig)
    words = "Weekly means at reference speed where that is known: circles left, squares right."
    return narrow(titled(fig, _finding(known), words), {"xaxis.nticks": 5})


def _where(side: str, known: Mapping[str, pl.DataFrame]) -> str:
    """Return on which side of its last mark a label stands, so that two do not meet."""
    last = {name: frame["value"][-1] for name, frame in known.items()}
    higher = "left" if last["left"] >= last["right"] else "right"
    return "bottom" if side == higher else "top"


def _finding(known: Mapping[str, pl.DataFrame]) -> str:
    both = known["left"].join(known["right"], on=["week_start", "sensor_epoch"], suffix="_right")
    late = both.sort("week_start").tail(LATE_WEEKS)
    if late.is_empty():
        return "Contact time of each foot"
    apart = float((late["value"] - late["value_right"]).mean())  # type: ignore[arg-type]
    weeks = plural(len(late), "week")
    if abs(apart) < 1.0:
        return f"Left and right contact differ by less than 1 ms in the newest {weeks}"
    side = "left" if apart > 0 else "right"
    return f"The {side} foot stays {number(abs(apart))} ms longer, mean of the newest {weeks}"
