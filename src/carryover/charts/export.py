"""A figure as a page carries it: its words as text, the rest as JSON safe in a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carryover.charts.base import Figure

ESCAPES = {
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
}  # fmt: skip
"""Inside JSON strings these read the same, and no text can end the script element."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One figure: `json` and `seconds` are safe inside `<script type="application/json">`."""

    title: str
    subtitle: str
    height_px: int
    json: str
    seconds: str = ""


def export(fig: Figure) -> Spec:
    """Return a figure's title, subtitle, height and the JSON of the rest, byte-stable."""
    content: dict[str, Any] = fig.to_plotly_json()
    layout = dict(content["layout"])
    title = layout.pop("title", {})
    layout.pop("template", None)
    return Spec(
        title=str(title.get("text") or ""),
        subtitle=str((title.get("subtitle") or {}).get("text") or ""),
        height_px=int(layout["height"]),
        json=script_json({"data": _once(content["data"]), "layout": layout}),
        seconds=script_json(told) if (told := getattr(fig, "seconds", None)) else "",
    )


def script_json(value: object) -> str:
    """Return JSON that no text inside it can turn into anything else of a page, byte-stable."""
    text = json.dumps(
        value, sort_keys=True, allow_nan=False, separators=(",", ":"), ensure_ascii=False
    )
    for char, told in ESCAPES.items():  # many times as fast as `translate`
        text = text.replace(char, told)
    return text


def _once(traces: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as Plotly has them
    """Write an `x` that traces share but once: `=2` stands for that of the third trace."""
    seen: dict[tuple[object, ...], int] = {}
    told = []
    for index, trace in enumerate(traces):
        x = trace.get("x")
        if isinstance(x, list | tuple) and len(x) > 1:
            first = seen.setdefault(tuple(x), index)
            told.append({**trace, "x": f"={first}"} if first != index else trace)
        else:
            told.append(trace)
    return told
