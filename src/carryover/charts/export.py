"""A figure as a page carries it: its words as text, the rest as JSON safe in a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
"""Inside JSON strings these read the same, and no text can end the script element."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One figure: `json` is safe inside `<script type="application/json">`."""

    title: str
    subtitle: str
    height_px: int
    json: str


def export(fig: go.Figure) -> Spec:
    """Return a figure's title, subtitle, height and the JSON of the rest, byte-stable."""
    content: dict[str, Any] = fig.to_plotly_json()
    layout = dict(content["layout"])
    title = layout.pop("title", {})
    layout.pop("template", None)
    text = json.dumps(
        {"data": content["data"], "layout": layout}, sort_keys=True, allow_nan=False,
        separators=(",", ":"), ensure_ascii=False,
    )  # fmt: skip
    return Spec(
        title=str(title.get("text") or ""),
        subtitle=str((title.get("subtitle") or {}).get("text") or ""),
        height_px=int(layout["height"]),
        json=text.translate(ESCAPES),
    )
