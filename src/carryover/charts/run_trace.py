"""One run: pace, form and heart rate over moving time, one panel each on a common axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go
import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, narrow, numbers, titled
from carryover.metrics import metrics
from carryover.units import S_PER_MIN, pace_text

if TYPE_CHECKING:
    from collections.abc import Sequence


PANEL_PX: Final = 118
FOOT_PX: Final = 74
NAME_PX: Final = 16
"""The windows' names stand above the first panel's label."""
SLOWEST_MPS: Final = 1.2
"""Slower is standing or walking uphill; drawn as a gap so that the pace axis stays legible."""
PACE_TICKS_S: Final = (15, 30, 60, 120)
"""Steps of a pace axis, s/km; the first that gives few enough ticks is taken."""
MAX_TICKS: Final = 4
ROOM_ABOVE: Final = 0.04
ROOM_BELOW: Final = 0.28
"""Shares of a panel's height that stay free for its label and the next one's."""
ROOM_SHARE: Final = 0.2
"""Air above and below, as a share of what a panel must show."""
QUANTILES: Final = (0.03, 0.97)
"""What a panel's axis must show; rarer values may leave the panel."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One channel of a run; `column` of the trace, `digits` shown."""

    column: str
    label: str
    unit: str
    digits: int
    colour: str


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of moving time, s, that late-run drift compares."""

    name: str
    start_s: float
    end_s: float


def _panel(name: str) -> Panel:
    known = metrics()[name]
    return Panel(name, known.label, known.unit, known.decimals, palette.METRIC)


def panels() -> tuple[Panel, ...]:
    """Return the channels a run page shows, top to bottom."""
    form = [_panel(n) for n in ("stance_time_ms", "cadence_spm", "stance_time_balance_pct")]
    pace = Panel("speed_mps", "Pace", "min/km", 0, palette.INK)
    return (pace, *form, Panel("heart_rate_bpm", "Heart rate", "bpm", 0, palette.INK))


def run_trace(trace: pl.DataFrame, windows: Sequence[Window], *, bin_s: int) -> Drawing:
    """Draw one run from means of `bin_s` seconds.

    `trace`: moving_s (start of the bin) and any of the panels' columns; a channel that is null
    throughout has no panel.
    """
    trace = trace.sort("moving_s") if not trace.is_empty() else trace
    shown = [p for p in panels() if p.column in trace.columns and trace[p.column].count() > 0]
    if not shown:
        return Empty(
            "This recording has no second-by-second values to draw.",
            "Export the original FIT file of this run instead of a summary.",
        )
    minutes = numbers(trace["moving_s"] / S_PER_MIN, 2)
    drawn = [_drawn(p, trace, minutes, k, len(shown)) for k, p in enumerate(shown)]
    shades, names_of_windows = _shades(windows, foot=ROOM_BELOW / len(shown))
    fig = go.Figure(
        data=[part.line for part in drawn],
        layout={
            "template": None, "height": PANEL_PX * len(shown) + FOOT_PX,
            "margin": {"t": 2 * NAME_PX},
            "xaxis": {"anchor": _axis("y", len(shown) - 1), "title": {"text": "moving time, min"},
                      "rangemode": "tozero"},
            **{_axis("yaxis", k): part.axis for k, part in enumerate(drawn)},
            "shapes": shades, "annotations": [*(part.label for part in drawn), *names_of_windows],
        },
    )  # fmt: skip
    names = ", ".join(p.label.lower() for p in shown)
    where = "; shaded: the early and late windows of the drift" if windows else ""
    return narrow(
        titled(fig, "The run, minute by minute",
               f"{names.capitalize()}, means of {bin_s} s{where}."),
        {"xaxis.nticks": 5, "margin.l": 40},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One panel as Plotly takes it; figures are made at once, for checking costs time."""

    line: dict[str, object]
    axis: dict[str, object]
    label: dict[str, object]


def _axis(kind: str, index: int) -> str:
    return kind if index == 0 else f"{kind}{index + 1}"


def _drawn(
    panel: Panel, trace: pl.DataFrame, minutes: list[float | None], index: int, count: int
) -> _Drawn:
    values = _shown_values(panel, trace)
    height = 1.0 / count
    top = 1.0 - index * height
    ceiling = top - ROOM_ABOVE * height
    domain = [top - (1 - ROOM_BELOW) * height, ceiling]
    scale = _pace_axis(values) if panel.column == "speed_mps" else _axis_range(panel, values)
    return _Drawn(
        line={
            "type": "scatter", "x": minutes, "y": numbers(values, panel.digits + 1),
            "mode": "lines", "connectgaps": False, "yaxis": _axis("y", index),
            "line": {"color": panel.colour, "width": 1.4}, **_hover(panel, values),
        },
        axis={"domain": domain, "nticks": MAX_TICKS, "anchor": "x", **scale},
        label={
            "text": f"{panel.label}, {panel.unit}", "x": 0, "xref": "paper", "xanchor": "left",
            "y": ceiling, "yref": "paper", "yanchor": "bottom", "font": {"color": palette.INK},
        },
    )  # fmt: skip


def _hover(panel: Panel, values: pl.Series) -> dict[str, object]:
    if panel.column != "speed_mps":
        value = f"%{{y:.{panel.digits}f}} {panel.unit}"
        return {"hovertemplate": f"%{{x:.1f}} min<br>{value}<extra></extra>"}
    paces = [pace_text(1000.0 / v if v else None) for v in values]
    return {"hovertext": paces, "hovertemplate": "%{x:.1f} min<br>%{hovertext}<extra></extra>"}


def _shown_values(panel: Panel, trace: pl.DataFrame) -> pl.Series:
    values = trace[panel.column].cast(pl.Float64).fill_nan(None)
    if panel.column != "speed_mps":
        return values
    moving = pl.select(pl.when(values >= SLOWEST_MPS).then(1000.0 / values)).to_series()
    return moving.alias("pace_s_per_km")


def _edges(values: pl.Series) -> tuple[float, float]:
    low, high = (values.quantile(q, "nearest") for q in QUANTILES)
    return (float(low or 0.0), float(high or 0.0))


def _axis_range(panel: Panel, values: pl.Series) -> dict[str, object]:
    low, high = _edges(values)
    room = max(ROOM_SHARE * (high - low), 10.0**-panel.digits)
    return {"range": [round(low - room, 3), round(high + room, 3)]}


def _pace_axis(values: pl.Series) -> dict[str, object]:
    if values.count() == 0:
        return {"visible": False}
    fast, slow = _edges(values)
    step = next((s for s in PACE_TICKS_S if (slow - fast) / s <= MAX_TICKS), PACE_TICKS_S[-1])
    ticks = list(range(int(fast // step) * step, int(slow) + step, step))
    room = max(ROOM_SHARE * (slow - fast), 5.0)
    return {
        "range": [round(slow + room, 1), round(fast - room, 1)],
        "tickmode": "array", "tickvals": ticks,
        "ticktext": [f"{t // 60}:{t % 60:02d}" for t in ticks],
    }  # fmt: skip


def _shades(
    windows: Sequence[Window], *, foot: float
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return a rectangle and a name for each window."""
    shapes: list[dict[str, object]] = []
    names: list[dict[str, object]] = []
    for window in windows:
        start, end = (round(s / S_PER_MIN, 2) for s in (window.start_s, window.end_s))
        shapes.append({
            "type": "rect", "x0": start, "x1": end, "y0": foot, "y1": 1, "yref": "paper",
            "layer": "below", "fillcolor": palette.SHADE, "line": {"width": 0},
        })  # fmt: skip
        names.append({
            "text": window.name, "x": end, "xanchor": "right", "y": 1, "yref": "paper",
            "yanchor": "bottom", "yshift": NAME_PX,
        })  # fmt: skip
    return shapes, names
