"""A figure as SVG text, without a browser and without a script: for paper and for mail.

The very figures of the pages are read, of Plotly only what they use. Whatever else a figure
says raises UntranslatedError: a report leaves nothing out in silence.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.svg_axis import Axis, UntranslatedError, axis_of, place_of, refuse_unknown
from carryover.charts.svg_marks import checked, drawn, extent, stroke
from carryover.charts.svg_text import (
    FONT_PX,
    LINE_EM,
    lines_of,
    number_text,
    text_element,
    width_px,
)
from carryover.charts.template import FONT_FAMILY

if TYPE_CHECKING:
    import plotly.graph_objects as go

LAYOUT: Final = frozenset(
    {"template", "height", "title", "meta", "margin", "shapes", "annotations", "xaxis", "yaxis",
     "yaxis2", "showlegend"}
)  # fmt: skip
SHAPE: Final = frozenset(
    {"type", "x0", "x1", "y0", "y1", "xref", "yref", "layer", "fillcolor", "line"}
)
NOTE: Final = frozenset(
    {"x", "y", "xref", "yref", "text", "showarrow", "xanchor", "yanchor", "xshift", "yshift",
     "align", "font"}
)  # fmt: skip
TOP_PX: Final = 12.0
RIGHT_PX: Final = 16.0
TITLE_PX: Final = 22.0
TICK_PX: Final = 5.0
ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
BASELINES: Final = {"top": 1.0, "middle": 0.36, "bottom": -0.3}
"""From an anchor to the first baseline, in em; those above carry all lines."""
THIRD: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's part of a figure, in px, and its axes by name."""

    left: float
    right: float
    top: float
    bottom: float
    axes: dict[str, Axis]

    def across(self, value: object, ref: str) -> float:
        """Return a place along x, on an axis or as a share of the plot."""
        if ref == "paper":
            return self.left + float(value) * (self.right - self.left)  # type: ignore[arg-type]
        return _placed(self._axis(ref), value)

    def down(self, value: object, ref: str) -> float:
        """Return a place along y, on an axis or as a share of the plot."""
        if ref == "paper":
            return self.bottom - float(value) * (self.bottom - self.top)  # type: ignore[arg-type]
        return _placed(self._axis(ref), value)

    def _axis(self, ref: str) -> Axis:
        if ref not in self.axes:
            raise UntranslatedError(f"a place on {ref}")
        return self.axes[ref]


def svg(fig: go.Figure, width: int, *, narrow: bool = False) -> str:
    """Return a figure as one SVG element of that width; title and subtitle are the page's.

    `narrow` makes the changes that the figure notes for a phone. Colours are the palette's as
    attributes, which a page's sheet may exchange.
    """
    content = copy.deepcopy(fig.to_plotly_json())
    layout, traces = content["layout"], [checked(t) for t in content["data"]]
    refuse_unknown("layout", layout, LAYOUT)
    if narrow:
        for path, value in ((layout.get("meta") or {}).get("narrow") or {}).items():
            _place(layout, path, value)
    frame = _frame(layout, traces, width)
    shapes = layout.get("shapes") or []
    below = [_shape(s, frame) for s in shapes if s.get("layer") == "below"]
    above = [_shape(s, frame) for s in shapes if s.get("layer") != "below"]
    parts = [
        *(_grid(axis, frame) for name, axis in frame.axes.items() if name != "x"),
        *below, *(_clipped(t, frame) for t in traces), *above,
        *(_axis(name, axis, frame) for name, axis in frame.axes.items()),
        *(_note(note, frame) for note in layout.get("annotations") or []),
    ]  # fmt: skip
    title = (layout.get("title") or {}).get("text") or ""
    height = number_text(layout["height"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}" '
        f"font-family='{FONT_FAMILY}' font-size=\"{number_text(FONT_PX)}\">{''.join(parts)}</svg>"
    )


def _place(layout: dict[str, Any], path: str, value: object) -> None:
    *keys, last = path.split(".")
    inner = layout
    for key in keys:
        inner = inner.setdefault(key, {})
    inner[last] = value


def _placed(axis: Axis, value: object) -> float:
    place = axis.at(value)
    if place is None:
        raise UntranslatedError("a shape or a note without a place")
    return place


def _frame(layout: dict[str, Any], traces: list[dict[str, Any]], width: int) -> Frame:
    """Lay out the plot: room for the words of the axes, each axis over its own share."""
    margin = layout.get("margin") or {}
    specs = {"x": layout.get("xaxis") or {}, "y": layout.get("yaxis") or {}}
    specs |= {"y2": layout["yaxis2"]} if "yaxis2" in layout else {}
    values: dict[str, list[float]] = {name: [] for name in specs}
    for trace in traces:
        own = trace.get("yaxis", "y")
        if own not in specs or trace.get("xaxis", "x") != "x":
            raise UntranslatedError(f"a trace on {trace.get('xaxis', 'x')} and {own}")
        x, y = extent(trace)
        values["x"] += x
        values[own] += y
    _reach(layout, values)
    top = margin.get("t", TOP_PX)
    bottom = layout["height"] - margin.get("b", _beneath(specs["x"]))
    ups = {}
    for name in specs:
        if name != "x":
            low, high = specs[name].get("domain") or (0.0, 1.0)
            start, end = (bottom - share * (bottom - top) for share in (low, high))
            ups[name] = axis_of(specs[name], values[name], start, end)
    left = margin.get("l") if "l" in margin else max(_beside(axis) for axis in ups.values())
    right = width - margin.get("r", RIGHT_PX)
    across = axis_of(specs["x"], values["x"], float(left or 0), right)
    return Frame(float(left or 0), right, top, bottom, {"x": across, **ups})


def _reach(layout: dict[str, Any], values: dict[str, list[float]]) -> None:
    """Add the places of shapes and notes, which an axis without a range holds as well."""
    for thing in [*(layout.get("shapes") or []), *(layout.get("annotations") or [])]:
        for key in ("x", "x0", "x1", "y", "y0", "y1"):
            ref = thing.get(f"{key[0]}ref", key[0])
            place = place_of(thing[key]) if key in thing and ref in values else None
            if place is not None:
                values[ref].append(place)


def _beside(axis: Axis) -> float:
    """Return the room that the words of an upright axis need."""
    words = max((width_px(text) for _, text in axis.ticks()), default=0.0)
    return words + 8 + (TITLE_PX if axis.visible and axis.title else 2)


def _beneath(spec: dict[str, Any]) -> float:
    lines = 2 if spec.get("type") == "date" else 1
    titled = bool((spec.get("title") or {}).get("text"))
    return TICK_PX + 5 + lines * LINE_EM * FONT_PX + (TITLE_PX if titled else 0)


def _grid(axis: Axis, frame: Frame) -> str:
    if not axis.visible or axis.spec.get("showgrid") is False:
        return ""
    path = "".join(
        f"M{number_text(frame.left)} {number_text(at)}H{number_text(frame.right)}"
        for at, _ in axis.ticks()
    )
    return f'<path d="{path}" stroke="{palette.RULE}"/>' if path else ""


def _axis(name: str, axis: Axis, frame: Frame) -> str:
    """Return ticks, their words and the title of one axis."""
    if not axis.visible:
        return ""
    return _under(axis, frame) if name == "x" else _upright(axis, frame)


def _under(axis: Axis, frame: Frame) -> str:
    base, ticks = frame.bottom, axis.ticks()
    path = f"M{number_text(frame.left)} {number_text(base)}H{number_text(frame.right)}"
    path += "".join(f"M{number_text(at)} {number_text(base)}v{TICK_PX:g}" for at, _ in ticks)
    parts = [f'<path d="{path}" stroke="{palette.RULE}"/>']
    at_tick = base + TICK_PX + FONT_PX
    parts += [
        text_element(words, at, at_tick, anchor="middle", fill=palette.SOFT) for at, words in ticks
    ]
    if axis.title:
        lines = max((len(lines_of(words)) for _, words in ticks), default=1)
        at = at_tick + lines * LINE_EM * FONT_PX + 3
        middle = (frame.left + frame.right) / 2
        parts.append(text_element(axis.title, middle, at, anchor="middle", fill=palette.SOFT))
    return "".join(parts)


def _upright(axis: Axis, frame: Frame) -> str:
    parts = [
        text_element(words, frame.left - 6, at + 0.36 * FONT_PX, anchor="end", fill=palette.SOFT)
        for at, words in axis.ticks()
    ]
    if axis.title:
        middle = (axis.start + axis.end) / 2
        parts.append(
            text_element(axis.title, FONT_PX, middle, anchor="middle", fill=palette.SOFT,
                         turned=True)
        )  # fmt: skip
    return "".join(parts)


def _clipped(trace: dict[str, Any], frame: Frame) -> str:
    """Return a trace, cut at the edges of its axes: an inner svg clips without an id."""
    y = frame.axes[trace.get("yaxis", "y")]
    inside = drawn(trace, frame.axes["x"], y)
    if not inside:
        return ""
    # A dot on the very edge is shown whole.
    edge = FONT_PX / 2
    x0, y0 = frame.left - edge, min(y.start, y.end) - edge
    wide, high = frame.right - frame.left + 2 * edge, abs(y.start - y.end) + 2 * edge
    box = " ".join(number_text(value) for value in (x0, y0, wide, high))
    px = (number_text(value) for value in (x0, y0, wide, high))
    where = " ".join(f'{k}="{v}"' for k, v in zip(("x", "y", "width", "height"), px, strict=True))
    return f'<svg {where} viewBox="{box}">{inside}</svg>'


def _shape(shape: dict[str, Any], frame: Frame) -> str:
    refuse_unknown("shape", shape, SHAPE)
    x = [frame.across(shape[k], shape.get("xref", "x")) for k in ("x0", "x1")]
    y = [frame.down(shape[k], shape.get("yref", "y")) for k in ("y0", "y1")]
    x = [min(max(value, frame.left), frame.right) for value in x]
    look = stroke(shape.get("line") or {"width": 0})
    if shape["type"] == "line":
        ends = " ".join(number_text(value) for value in (x[0], y[0], x[1], y[1])).split()
        return f'<path d="M{ends[0]} {ends[1]}L{ends[2]} {ends[3]}" {look}/>'
    if shape["type"] != "rect":
        raise UntranslatedError(f"a shape of type {shape['type']}")
    place = f'x="{number_text(min(x))}" y="{number_text(min(y))}"'
    size = f'width="{number_text(abs(x[1] - x[0]))}" height="{number_text(abs(y[1] - y[0]))}"'
    return f'<rect {place} {size} fill="{shape["fillcolor"]}" {look}/>'


def _note(note: dict[str, Any], frame: Frame) -> str:
    refuse_unknown("annotation", note, NOTE)
    if note.get("showarrow"):
        raise UntranslatedError("an annotation with an arrow")
    font = note.get("font") or {}
    size = float(font.get("size", FONT_PX))
    xref, yref = note.get("xref", "x"), note.get("yref", "y")
    x = frame.across(note["x"], xref) + note.get("xshift", 0)
    y = frame.down(note["y"], yref) - note.get("yshift", 0)
    beside = note.get("xanchor") or _side(note["x"], xref, ("left", "center", "right"))
    above = note.get("yanchor") or _side(note["y"], yref, ("bottom", "middle", "top"))
    over = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[above] * (len(lines_of(note["text"])) - 1)
    baseline = y + BASELINES[above] * size - over * LINE_EM * size
    return text_element(
        note["text"], x, baseline, anchor=ANCHORS[beside],
        fill=str(font.get("color") or palette.SOFT), size_px=size,
    )  # fmt: skip


def _side(value: object, ref: str, sides: tuple[str, str, str]) -> str:
    """Return the anchor that Plotly chooses by itself: by thirds of the plot, else the middle."""
    share = place_of(value) if ref == "paper" else None
    if share is None or THIRD <= share <= 2 * THIRD:
        return sides[1]
    return sides[0] if share < THIRD else sides[2]
