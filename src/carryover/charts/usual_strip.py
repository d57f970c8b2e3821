"""One run against the athlete's own band: a bar and a dot a metric, and the word beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, titled
from carryover.charts.words import number, plain, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

ROW_PX: Final = 54
AROUND_PX: Final = 12
BAR_HALF: Final = 0.11
"""Half the height of a bar, of a row."""
LEAST_REACH: Final = 1.6
MOST_REACH: Final = 3.0
"""Half-widths of the band; a dot farther out stands at the edge as an arrow."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One metric: `place` is how far the run lies from the middle of the band, in half-widths."""

    label: str
    value: str
    low: str
    high: str
    word: str
    place: float
    n: int
    is_drift: bool = False


def usual_strip(strips: Sequence[Strip]) -> Drawing:
    """Draw the strips from the top; each axis is the metric's own, from band to band."""
    if not strips:
        return Empty(
            "No metric of this run can be held against your usual yet.",
            "Keep running with the same sensor: a handful of easy or long runs in six weeks do.",
        )
    fig = figure(AROUND_PX + ROW_PX * len(strips))
    reach = min(MOST_REACH, max(LEAST_REACH, *(1.1 * abs(s.place) for s in strips)))
    for place, strip in enumerate(reversed(strips)):
        _strip(fig, strip, float(place), reach)
    fig.update_yaxes(visible=False, range=[-0.5, len(strips) - 0.42])
    fig.update_xaxes(visible=False, range=[-reach, reach])
    fig.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4})
    return titled(fig, _finding(strips), _subtitle(strips))


def _finding(strips: Sequence[Strip]) -> str:
    outside = [s.label for s in strips if abs(s.place) > 1]
    if not outside:
        return "Within your usual range" + ("" if len(strips) == 1 else " throughout")
    return f"{len(outside)} of {plural(len(strips), 'value')} outside your usual range"


def _subtitle(strips: Sequence[Strip]) -> str:
    least, most = min(s.n for s in strips), max(s.n for s in strips)
    runs = plural(most, "earlier run") if least == most else f"{least} to {most} earlier runs"
    return (
        "Grey bar: where a run lies 19 times in 20 if nothing has changed; dot: this run, filled "
        f"outside. From {runs}."
    )


def _strip(fig: go.Figure, strip: Strip, y: float, reach: float) -> None:
    for low, high, fill in ((-reach, reach, palette.SHADE), (-1.0, 1.0, palette.BAND)):
        fig.add_shape(
            type="rect", x0=low, x1=high, y0=y - BAR_HALF, y1=y + BAR_HALF, layer="below",
            fillcolor=fill, line={"width": 0},
        )  # fmt: skip
    at = max(-reach, min(reach, strip.place))
    cut = abs(strip.place) > reach
    symbol = "circle-open" if abs(strip.place) <= 1 else "circle"
    tone = palette.DRIFT if strip.is_drift else palette.METRIC
    fig.add_scatter(
        x=[round(at, 3)], y=[y], mode="markers", hoverinfo="text", cliponaxis=False,
        hovertext=[
            (
                f"{plain(strip.label)} {plain(strip.value)}<br>your usual {strip.low} to "
                f"{strip.high}<br>{plain(strip.word)}<br>n {number(strip.n)}"
            )
        ],
        marker={
            "size": 12, "color": tone, "line": {"width": 2, "color": tone},
            "symbol": ("triangle-right" if at > 0 else "triangle-left") if cut else symbol,
        },
    )  # fmt: skip
    ink = {"color": palette.INK}
    above = (
        (f"{plain(strip.label)} <b>{plain(strip.value)}</b>", 0.0, "left", ink),
        (plain(strip.word), 1.0, "right", {"color": palette.SOFT}),
    )
    for text, x, anchor, font in above:
        fig.add_annotation(
            x=x, xref="paper", y=y + BAR_HALF, yanchor="bottom", xanchor=anchor, text=text,
            font=font,
        )  # fmt: skip
    for text, x in ((strip.low, -1.0), (strip.high, 1.0)):
        fig.add_annotation(x=x, y=y - BAR_HALF, yanchor="top", text=text, font={"size": 11})
