"""Effects one beneath the other: label, number, a dot in its interval, zero and what matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

ROW_PX: Final = 46
HEAD_PX: Final = 40
AROUND_PX: Final = 84
ROOM_PX: Final = 6
"""Between the last row and the axis."""
LABEL_UP_PX: Final = 15
Note = dict[str, Any]
"""An annotation, as Plotly has it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One effect; `low`, `effect`, `high` on the axis, `words` its size, `hover` escaped already.

    `strong`: the one that the verdict rests on, drawn filled and bold.
    """

    label: str
    effect: float
    low: float
    high: float
    words: str
    hover: str
    tone: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A line of its own over the rows of one group."""

    text: str


def height_px(lines: Sequence[Row | Head]) -> int:
    """Return how tall the figure of these lines is."""
    n_heads = sum(isinstance(line, Head) for line in lines)
    return AROUND_PX + ROOM_PX + ROW_PX * (len(lines) - n_heads) + HEAD_PX * n_heads


def draw_rows(fig: go.Figure, lines: Sequence[Row | Head], *, reach: float, band: float) -> None:
    """Draw lines from the top; what is beyond ± `reach` is cut, `band`: too small to matter."""
    total = float(height_px(lines) - AROUND_PX - ROOM_PX)
    notes = _ground(fig, reach, band)
    above = total
    for line in lines:
        high = HEAD_PX if isinstance(line, Head) else ROW_PX
        above -= high
        if isinstance(line, Head):
            notes.append(_head(fig, line, above))
        else:
            notes += _row(fig, line, above + (ROW_PX - 2 * LABEL_UP_PX) / 2, reach)
    fig.update_yaxes(visible=False, range=[-ROOM_PX, total])
    fig.update_xaxes(range=[-reach, reach], zeroline=False)
    # All at once: Plotly checks those that are there again with each that is added.
    fig.update_layout(margin={"l": 8, "r": 8, "t": 28, "b": 48}, annotations=notes)


def _head(fig: go.Figure, line: Head, y: float) -> Note:
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=y + 2, y1=y + 2, layer="below",
        line={"color": palette.RULE, "width": 1},
    )  # fmt: skip
    return {
        "x": 0, "xref": "paper", "y": y, "xanchor": "left", "yanchor": "bottom", "yshift": 4,
        "text": f"<b>{plain(line.text)}</b>", "font": {"size": 13, "color": palette.INK},
    }  # fmt: skip


def _row(fig: go.Figure, line: Row, y: float, reach: float) -> list[Note]:
    x = [round(max(line.low, -reach), 4), round(min(line.high, reach), 4)]
    if x[0] < x[1]:
        fig.add_scatter(
            x=x, y=[y, y], mode="lines", hoverinfo="skip",
            line={"color": palette.INK, "width": 3 if line.strong else 1.5},
        )  # fmt: skip
    _cut_ends(fig, line, y, reach)
    if abs(line.effect) <= reach:
        fig.add_scatter(
            x=[round(line.effect, 4)], y=[y], mode="markers", hoverinfo="text",
            hovertext=[line.hover],
            marker={
                "size": 13 if line.strong else 9,
                "symbol": "circle" if line.strong else "circle-open",
                "color": line.tone, "line": {"width": 2, "color": line.tone},
            },
        )  # fmt: skip
    weight = "<b>{}</b>" if line.strong else "{}"
    return [
        {
            "x": at, "xref": "paper", "y": y, "yshift": LABEL_UP_PX, "yanchor": "middle",
            "align": "left", "xanchor": "right" if at else "left", "text": text,
        }
        for text, at in ((weight.format(plain(line.label)), 0), (plain(line.words), 1))
    ]  # fmt: skip


def _cut_ends(fig: go.Figure, line: Row, y: float, reach: float) -> None:
    """Mark with an arrow an interval that goes on beyond the axis."""
    for cut, end, symbol in (
        (line.low < -reach, -reach, "triangle-left"),
        (line.high > reach, reach, "triangle-right"),
    ):
        if cut:
            fig.add_scatter(
                x=[end], y=[y], mode="markers", hoverinfo="text", hovertext=[line.hover],
                marker={"symbol": symbol, "size": 8, "color": palette.INK},
            )  # fmt: skip


def _ground(fig: go.Figure, reach: float, band: float) -> list[Note]:
    if band > 0:
        fig.add_shape(
            type="rect", x0=-min(band, reach), x1=min(band, reach), y0=0, y1=1, yref="paper",
            layer="below", fillcolor=palette.BAND, line={"width": 0},
        )  # fmt: skip
    fig.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": palette.SOFT, "width": 1}
    )
    return [
        {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": anchor, "text": words}
        for words, x, anchor in (("less", -reach, "left"), ("more", reach, "right"))
    ]
