"""Traces of a drawing: lines, bands, dots with error bars, bars. What is not known is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.svg_axis import UntranslatedError, place_of, refuse_unknown
from carryover.charts.svg_text import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.charts.svg_axis import Axis

Point = tuple[float, float] | None
DASHES: Final = {"solid": "", "dash": "6 4", "dot": "2 3"}
UNSEEN: Final = frozenset(
    {"hovertext", "hoverinfo", "hovertemplate", "customdata", "showlegend", "name"}
)
"""What a page shows on hover and on a click: paper has neither, and a report no links."""
KEYS: Final = {
    "scatter": frozenset(
        {"type", "x", "y", "xaxis", "yaxis", "mode", "line", "marker", "fill", "fillcolor",
         "error_y", "connectgaps", "opacity"}
    ),
    "bar": frozenset({"type", "x", "y", "xaxis", "yaxis", "width", "marker", "opacity"}),
}  # fmt: skip
"""The traces that are drawn, by what each may say."""
LINE: Final = frozenset({"color", "width", "dash"})
MARKER: Final = frozenset({"size", "color", "symbol", "line", "opacity"})
ERROR: Final = frozenset(
    {"type", "symmetric", "array", "arrayminus", "width", "thickness", "color"}
)
DAY_MS: Final = 86_400_000
OPEN: Final = "-open"
SHAPES: Final = {
    "square": ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
    "diamond": ((0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)),
    "triangle-left": ((-1.0, 0.0), (0.8, -1.0), (0.8, 1.0)),
    "triangle-right": ((1.0, 0.0), (-0.8, -1.0), (-0.8, 1.0)),
    "triangle-up": ((0.0, -1.0), (1.0, 0.8), (-1.0, 0.8)),
    "triangle-down": ((0.0, 1.0), (1.0, -0.8), (-1.0, -0.8)),
}
"""Corners of markers about their middle, in radii; a circle has none."""


def checked(trace: dict[str, Any]) -> dict[str, Any]:
    """Return a trace of a known type that says nothing unknown; else raise UntranslatedError."""
    kind = trace.get("type", "scatter")
    if kind not in KEYS:
        raise UntranslatedError(f"a trace of type {kind}")
    refuse_unknown(f"trace {kind}", trace, KEYS[kind] | UNSEEN)
    return trace


def extent(trace: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Return the places along x and y that an axis without a range must hold."""
    x, y = [place_of(v) for v in trace["x"]], [place_of(v) for v in trace["y"]]
    if trace.get("type") == "bar":
        half = _bar_width(trace) / 2
        return _known([v + s for v in x if v is not None for s in (-half, half)]), [0.0, *_known(y)]
    for sign, size in _errors(trace) if trace.get("error_y") else ():
        y += [
            v + sign * (e or 0.0)
            for v, e in zip(y[: len(size)], size, strict=True)
            if v is not None
        ]
    return _known(x), _known(y)


def drawn(trace: dict[str, Any], x: Axis, y: Axis) -> str:
    """Return one trace between its axes."""
    if trace.get("type") == "bar":
        return _bars(trace, x, y)
    modes = set(str(trace.get("mode")).split("+"))
    if not modes <= {"lines", "markers"}:
        raise UntranslatedError(f"scatter mode {trace.get('mode')}")
    points = [_point(a, b) for a, b in zip(map(x.at, trace["x"]), map(y.at, trace["y"]),
                                           strict=True)]  # fmt: skip
    parts = [_band(trace, points)] if trace.get("fill") else []
    parts += [_errorbars(trace, points, y)] if trace.get("error_y") else []
    parts += [_lines(trace, points)] if "lines" in modes else []
    parts += [_markers(trace.get("marker") or {}, points)] if "markers" in modes else []
    faded = trace.get("opacity", 1)
    inside = "".join(parts)
    return inside if faded == 1 else f'<g opacity="{faded}">{inside}</g>'


def stroke(line: dict[str, Any]) -> str:
    """Return how a line looks as attributes; nothing to draw is `stroke="none"`."""
    refuse_unknown("line", line, LINE)
    width = line.get("width", 2)
    if not width:
        return 'stroke="none"'
    dash = line.get("dash", "solid")
    if dash not in DASHES:
        raise UntranslatedError(f"dash {dash}")
    dashed = f' stroke-dasharray="{DASHES[dash]}"' if DASHES[dash] else ""
    return f'stroke="{line.get("color")}" stroke-width="{number_text(width)}"{dashed}'


def _known(values: list[float] | list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _point(x: float | None, y: float | None) -> Point:
    return None if x is None or y is None else (x, y)


def _pieces(points: list[Point]) -> Iterator[list[tuple[float, float]]]:
    """Yield the unbroken stretches of a line."""
    piece: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            piece.append(point)
        elif piece:
            yield piece
            piece = []


def _path(piece: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number_text(x)} {number_text(y)}" for x, y in piece)


def _lines(trace: dict[str, Any], points: list[Point]) -> str:
    look = stroke(trace.get("line") or {})
    if look == 'stroke="none"':
        return ""
    joined: list[Point] = points
    if trace.get("connectgaps"):
        joined = [point for point in points if point is not None]
    path = "".join(_path(piece) for piece in _pieces(joined) if len(piece) > 1)
    return f'<path d="{path}" fill="none" {look} stroke-linejoin="round"/>' if path else ""


def _band(trace: dict[str, Any], points: list[Point]) -> str:
    if trace["fill"] != "toself":
        raise UntranslatedError(f"fill {trace['fill']}")
    path = "".join(f"{_path(piece)}Z" for piece in _pieces(points))
    return f'<path d="{path}" fill="{trace["fillcolor"]}"/>' if path else ""


def _errors(trace: dict[str, Any]) -> tuple[tuple[int, list[float | None]], ...]:
    held = trace["error_y"]
    refuse_unknown("error bars", held, ERROR)
    if held.get("type", "data") != "data" or held.get("width", 0):
        raise UntranslatedError("error bars with caps, or of another type than data")
    up = list(held["array"])
    return (1, up), (-1, list(held.get("arrayminus") or up))


def _errorbars(trace: dict[str, Any], points: list[Point], y: Axis) -> str:
    (_, up), (_, down) = _errors(trace)
    px = (y.end - y.start) / (y.high - y.low)
    path = "".join(
        f"M{number_text(p[0])} {number_text(p[1] + px * (above or 0))}"
        f"V{number_text(p[1] - px * (below or 0))}"
        for p, above, below in zip(points, up, down, strict=True) if p is not None
    )  # fmt: skip
    held = trace["error_y"]
    look = stroke({"color": held["color"], "width": held.get("thickness", 2)})
    return f'<path d="{path}" {look}/>'


def _each(value: object, n: int) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] * n


def _markers(marker: dict[str, Any], points: list[Point]) -> str:
    """Return the dots, those of one look together."""
    refuse_unknown("marker", marker, MARKER)
    line, n = marker.get("line") or {}, len(points)
    looks: dict[str, list[str]] = {}
    for point, size, tone, symbol, edge in zip(
        points, _each(marker.get("size", 6), n), _each(marker.get("color"), n),
        _each(marker.get("symbol", "circle"), n), _each(line.get("color"), n), strict=True,
    ):  # fmt: skip
        if point is None:
            continue
        width = line.get("width", 0)
        if symbol.endswith(OPEN):
            look = f'fill="none" {stroke({"color": tone, "width": width or 1})}'
        else:
            look = f'fill="{tone}" {stroke({"color": edge or tone, "width": width})}'
        looks.setdefault(look, []).append(_marker(symbol.removesuffix(OPEN), *point, size / 2))
    faded = marker.get("opacity", 1)
    veil = "" if faded == 1 else f' opacity="{faded}"'
    return "".join(f"<g {look}{veil}>{''.join(dots)}</g>" for look, dots in looks.items())


def _marker(symbol: str, x: float, y: float, radius: float) -> str:
    if symbol == "circle":
        place = f'cx="{number_text(x)}" cy="{number_text(y)}"'
        return f'<circle {place} r="{number_text(radius)}"/>'
    if symbol not in SHAPES:
        raise UntranslatedError(f"marker {symbol}")
    corners = [(x + dx * radius, y + dy * radius) for dx, dy in SHAPES[symbol]]
    return f'<path d="{_path(corners)}Z"/>'


def _bar_width(trace: dict[str, Any]) -> float:
    """Return the width of bars, all one, in days on a time axis: there Plotly counts in ms."""
    widths = set(_each(trace.get("width", 0.8), 1))
    if len(widths) > 1:
        raise UntranslatedError("bars of several widths")
    width = float(widths.pop()) if widths else 0.0
    return width / DAY_MS if any(isinstance(v, str) for v in trace["x"]) else width


def _bars(trace: dict[str, Any], x: Axis, y: Axis) -> str:
    marker = trace.get("marker") or {}
    refuse_unknown("bar", marker, frozenset({"color", "line"}))
    half, floor = _bar_width(trace) / 2, y.at(0.0)
    path = ""
    for at, value in zip(trace["x"], trace["y"], strict=True):
        middle, top = place_of(at), y.at(value)
        if middle is None or top is None or floor is None:
            continue
        left, right = (x.start + (middle + s - x.low) / (x.high - x.low) * (x.end - x.start)
                       for s in (-half, half))  # fmt: skip
        path += f"M{number_text(left)} {number_text(floor)}V{number_text(top)}"
        path += f"H{number_text(right)}V{number_text(floor)}Z"
    look = stroke(marker.get("line") or {"width": 0})
    return f'<path d="{path}" fill="{marker.get("color")}" {look}/>' if path else ""
