"""Where a sensor that stays comes in: a dotted line that says what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.words import plain

if TYPE_CHECKING:
    from datetime import date

    from carryover.charts.base import Figure

MAX_MARKS: Final = 4
SETTLED_DAYS: Final = 21
"""Worn for a shorter span, a sensor is no mark."""
LINE_PX: Final = 13
"""Words of one mark stand below those of the mark before it, so that near ones can be read."""
LINES: Final = 2
NEAR_END: Final = 0.25
"""Share of the figure in which words would run out of it on the right."""
UNKNOWN: Final = "new sensor"


def sensor_words(epoch: dict[str, Any]) -> str:
    """Return what opened an epoch: `new watch`, `new pod`, `firmware 20`, several joined.

    `epoch`: opened_by, firmware_family, dynamics_source of a row of `sensor_epoch`.
    """
    source = epoch["dynamics_source"] or "none"
    gone = {"none": "no dynamics", "watch": "watch alone"}.get(source)
    pod = "new pod" if source.endswith(" app") else "new strap or pod"
    words = {
        "watch": "new watch",
        "strap or pod": gone or pod,
        "firmware": f"firmware {plain(epoch['firmware_family'] or 'unknown')}",
    }
    opened = str(epoch["opened_by"] or "").split(" and ")
    return ", ".join(words[part] for part in opened if part in words) or UNKNOWN


def sensor_changes(sensors: pl.DataFrame) -> pl.DataFrame:
    """Return `day` and `words` of every change to a sensor that stayed.

    `sensors`: from_date, to_date, opened_by, firmware_family, dynamics_source of one athlete.
    """
    stays = (pl.col("to_date") - pl.col("from_date")).dt.total_days() >= SETTLED_DAYS
    held = sensors.filter(stays, pl.col("opened_by") != "first").sort("from_date")
    words = [sensor_words(row) for row in held.iter_rows(named=True)]
    return pl.DataFrame({"day": held["from_date"], "words": pl.Series(words, dtype=pl.String)})


def add_sensor_marks(
    fig: Figure, changes: pl.DataFrame, *, bottom: float, span: tuple[date, date] | None = None
) -> None:
    """Draw the latest changes (`day`, `words`), from `bottom` of the figure's height upwards.

    `span`: the days that the figure shows; words near its end stand to the left of their line.
    """
    turn = span[1] - (span[1] - span[0]) * NEAR_END if span else None
    latest = changes.unique("day", keep="last").sort("day").tail(MAX_MARKS)
    shown = latest.select(pl.col("day").cast(pl.Date), "words")
    for number, (changed, words) in enumerate(shown.iter_rows()):
        day = changed.isoformat()
        fig.add_shape(
            type="line", x0=day, x1=day, y0=bottom, y1=1, yref="paper",
            line={"color": palette.SOFT, "width": 1, "dash": "dot"},
        )  # fmt: skip
        left = turn is None or changed <= turn
        fig.add_annotation(
            x=day, y=1, yref="paper", yanchor="top", text=words, xshift=3 if left else -3,
            xanchor="left" if left else "right", yshift=-LINE_PX * (number % LINES),
        )  # fmt: skip
