"""How dots look by their number: a year is read run by run, ten years by their line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import numbers

if TYPE_CHECKING:
    import polars as pl

MANY: Final = 150
"""From so many runs on dots are small and intervals faint."""
CROWD: Final = 400
"""From so many on dots are a cloud, and intervals are told on hover alone."""
NEWEST: Final = 600
"""So many newest runs are drawn where two values of a run are held against each other."""


@dataclass(frozen=True, slots=True)
class Look:
    """Size in px and opacity of a dot; whether there is room for intervals."""

    size: int
    opacity: float
    has_bars: bool


def look(n: int, size: int = 8) -> Look:
    """Return how so many dots look that are `size` px large where they are few."""
    if n > CROWD:
        return Look(4, 0.35, has_bars=False)
    return Look(5, 0.6, has_bars=True) if n > MANY else Look(size, 1.0, has_bars=True)


def clear_of_zero(drift: pl.DataFrame) -> list[bool]:
    """Return for each row whether the interval ci_low to ci_high leaves out 0."""
    rows = drift.select("ci_low", "ci_high").iter_rows()
    return [low is not None and high is not None and (low > 0 or high < 0) for low, high in rows]


def interval_bars(drift: pl.DataFrame, digits: int) -> dict[str, Any]:
    """Return the bars from ci_low to ci_high around change_adj; none where they are not known."""
    up = (drift["ci_high"] - drift["change_adj"]).fill_null(0.0)
    down = (drift["change_adj"] - drift["ci_low"]).fill_null(0.0)
    return {
        "type": "data", "symmetric": False, "array": numbers(up, digits),
        "arrayminus": numbers(down, digits), "width": 0, "thickness": 1.4, "color": palette.SOFT,
    }  # fmt: skip
