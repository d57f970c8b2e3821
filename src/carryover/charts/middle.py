"""A signed axis: an even value in the middle, left above it, right below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carryover.charts.base import Figure

STEPS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
MOST_STEPS: Final = 3
"""Ticks on one side of the middle."""
ROOM: Final = 1.1


def around_middle(fig: Figure, values: Sequence[float], middle: float) -> None:
    """Centre the metric's axis on its even value, mark that, and name the sides at the ticks.

    `values` and `middle` in the metric's unit; a metric that rises to the left.
    """
    fig.update_yaxes(**signed_axis(values, middle))
    fig.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref="y", y0=middle, y1=middle, layer="below",
        line={"color": palette.SOFT, "width": 1},
    )  # fmt: skip


def signed_axis(values: Sequence[float], middle: float) -> dict[str, Any]:
    """Return the settings of an axis with even in its middle and the sides at its ticks."""
    reach = ROOM * max([STEPS[0], *(abs(value - middle) for value in values)])
    step = next((s for s in STEPS if reach / s <= MOST_STEPS), STEPS[-1])
    steps = range(-int(reach // step), int(reach // step) + 1)
    decimals = 0 if step >= 1 else 1
    return {
        "range": [middle - reach, middle + reach], "title": {"text": "%"}, "tickmode": "array",
        "tickvals": [middle + k * step for k in steps],
        "ticktext": [_tick(middle, k * step, decimals) for k in steps],
    }  # fmt: skip


def _tick(middle: float, off: float, decimals: int) -> str:
    """Name a tick by the share of the longer side: 51 left, even, 51 right."""
    if off == 0:
        return "even"
    side = "left" if off > 0 else "right"
    return f"{number(middle + abs(off), decimals)} {side}"
