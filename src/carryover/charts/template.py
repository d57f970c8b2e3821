"""The one Plotly template, in a light and a dark version."""

from __future__ import annotations

from typing import Any, Final

from carryover.charts import palette

FONT_FAMILY: Final = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
)
FONT_PX: Final = 13


def _axis() -> dict[str, Any]:
    return {
        "automargin": True,
        "gridcolor": palette.RULE,
        "gridwidth": 1,
        "linecolor": palette.RULE,
        "showline": False,
        "tickcolor": palette.RULE,
        "tickfont": {"color": palette.SOFT},
        "title": {"standoff": 8, "font": {"color": palette.SOFT, "size": FONT_PX}},
        "zeroline": False,
    }


def _layout() -> dict[str, Any]:
    return {
        "annotationdefaults": {"font": {"color": palette.SOFT}, "showarrow": False},
        "colorway": [palette.METRIC, palette.DOSE, palette.DRIFT, palette.LEFT, palette.RIGHT],
        "dragmode": False,
        "font": {"family": FONT_FAMILY, "size": FONT_PX, "color": palette.INK},
        "hoverlabel": {
            "align": "left",
            "bgcolor": palette.PAPER,
            "bordercolor": palette.SOFT,
            "font": {"family": FONT_FAMILY, "size": FONT_PX, "color": palette.INK},
        },
        "hovermode": "closest",
        "margin": {"l": 48, "r": 16, "t": 12, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": ". ",
        "showlegend": False,
        "xaxis": {
            **_axis(),
            "showgrid": False,
            "showline": True,
            "ticks": "outside",
        },
        "yaxis": _axis(),
    }


def in_dark(value: Any) -> Any:  # noqa: ANN401 - walks any JSON value
    """Return a JSON value with every light tone exchanged for its dark one."""
    if isinstance(value, str):
        return palette.DARK.get(value, value)
    if isinstance(value, dict):
        return {key: in_dark(inner) for key, inner in value.items()}
    return [in_dark(inner) for inner in value] if isinstance(value, list) else value


def themes() -> dict[str, Any]:
    """Return both templates and the exchange of tones, as the pages' script reads them."""
    light = {"layout": _layout(), "paper": palette.PAPER}
    return {"light": light, "dark": in_dark(light), "swap": dict(palette.DARK)}
