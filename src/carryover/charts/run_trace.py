"""One run: pace, form, heart rate and height over moving time, and beneath them what counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, Sketch, narrow, numbers, titled
from carryover.charts.seconds import packed
from carryover.charts.words import plain
from carryover.metrics import metrics
from carryover.units import S_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence


PANEL_PX: Final = 118
STRIP_PX: Final = 46
"""The strip of what counts, with its label."""
BAR_SHARE: Final = 0.4
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
    heart = Panel("heart_rate_bpm", "Heart rate", "bpm", 0, palette.INK)
    return (pace, *form, heart, Panel("altitude_m", "Height", "m", 0, palette.SOFT))


def run_trace(
    trace: pl.DataFrame, windows: Sequence[Window], seconds: pl.DataFrame | None = None
) -> Drawing:
    """Draw one run from means of `bin_s` seconds; zoomed into, the page draws `seconds`.

    `trace`: moving_s (start of the bin), bin_s, any of the panels' columns and counts_not, the
    reason why most of a bin does not count (null where it does); a channel that is null
    throughout has no panel. `seconds`: moving_s and the same channels, as recorded.
    """
    trace = trace.sort("moving_s") if not trace.is_empty() else trace
    shown = [p for p in panels() if p.column in trace.columns and trace[p.column].count() > 0]
    if not shown:
        return Empty(
            "This recording has no second-by-second values to draw.",
            "Export the original FIT file of this run instead of a summary.",
        )
    bin_s = float(trace["bin_s"][0])
    minutes = numbers(trace["moving_s"] / S_PER_MIN, 2)
    height = PANEL_PX * len(shown) + STRIP_PX
    drawn = [_drawn(p, trace, minutes, k, height) for k, p in enumerate(shown)]
    stretches = _stretches(trace, bin_s)
    marks, names = _windows(windows, 1 + NAME_PX / height)
    fig = Sketch(
        [*(part.line for part in drawn), *_strip(stretches, len(shown))],
        {
            "height": height + FOOT_PX, "margin": {"t": 3 * NAME_PX}, "dragmode": "zoom",
            "xaxis": {"anchor": _axis("y", len(shown)), "title": {"text": "moving time, min"},
                      "rangemode": "tozero"},
            **{_axis("yaxis", k): part.axis for k, part in enumerate(drawn)},
            _axis("yaxis", len(shown)): _strip_axis(height),
            "shapes": [*_shades(stretches, foot=STRIP_PX / height), *marks],
            "annotations": [*(part.label for part in drawn), _strip_label(height), *names],
        },
        _seconds(seconds, shown),
    )  # fmt: skip
    labels = ", ".join(p.label.lower() for p in shown)
    where = " Above: the early and late windows of the drift." if windows else ""
    return narrow(
        titled(fig, "The run, minute by minute",
               f"{labels.capitalize()}, means of {bin_s:.0f} s; zoomed to 20 minutes or less, each "
               f"second as recorded. Shaded: what counts at reference speed.{where}"),
        {"xaxis.nticks": 5, "margin.l": 40, "dragmode": False},
    )  # fmt: skip


def _seconds(seconds: pl.DataFrame | None, shown: Sequence[Panel]) -> dict[str, Any]:
    """Return what `static/seconds.js` needs: the columns, and which trace draws which."""
    if seconds is None or seconds.is_empty():
        return {}
    columns = packed(seconds.select("moving_s", *(p.column for p in shown)))
    return {
        "columns": columns,
        "traces": [p.column if p.column in columns else "" for p in shown],
        "slowest_mps": SLOWEST_MPS,
    }


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One panel as Plotly takes it; figures are made at once, for checking costs time."""

    line: dict[str, object]
    axis: dict[str, object]
    label: dict[str, object]


def _axis(kind: str, index: int) -> str:
    return kind if index == 0 else f"{kind}{index + 1}"


def _drawn(
    panel: Panel, trace: pl.DataFrame, minutes: list[float | None], index: int, height_px: int
) -> _Drawn:
    values = _shown_values(panel, trace)
    height = PANEL_PX / height_px
    top = 1.0 - index * height
    ceiling = top - ROOM_ABOVE * height
    domain = [top - (1 - ROOM_BELOW) * height, ceiling]
    scale = _pace_axis(values) if panel.column == "speed_mps" else _axis_range(panel, values)
    return _Drawn(
        line={
            "type": "scatter", "x": minutes, "y": numbers(values, panel.digits + 1),
            "mode": "lines", "connectgaps": False, "yaxis": _axis("y", index),
            "line": {"color": panel.colour, "width": 1.4}, **_hover(panel),
        },
        axis={"domain": domain, "nticks": MAX_TICKS, "anchor": "x", "fixedrange": True, **scale},
        label={
            "text": f"{panel.label}, {panel.unit}", "x": 0, "xref": "paper", "xanchor": "left",
            "y": ceiling, "yref": "paper", "yanchor": "bottom", "font": {"color": palette.INK},
        },
    )  # fmt: skip


def _hover(panel: Panel) -> dict[str, object]:
    """Return the words of a point; the page itself writes seconds a kilometre as a pace."""
    if panel.column == "speed_mps":
        return {"meta": "pace", "hovertemplate": "%{x:.1f} min<br>%{hovertext}<extra></extra>"}
    value = f"%{{y:.{panel.digits}f}} {panel.unit}"
    return {"hovertemplate": f"%{{x:.1f}} min<br>{value}<extra></extra>"}


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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Minutes of moving time that count, or why they do not."""

    start: float
    end: float
    reason: str


def _stretches(trace: pl.DataFrame, bin_s: float) -> list[_Stretch]:
    """Return the runs of bins that count or fail for the same reason, gaps between them left."""
    if "counts_not" not in trace.columns:
        return []
    found: list[_Stretch] = []
    for start_s, why in trace.select("moving_s", "counts_not").iter_rows():
        start, end = (round(s / S_PER_MIN, 2) for s in (start_s, start_s + bin_s))
        last = found[-1] if found else None
        if last and last.reason == (why or "") and last.end == start:
            found[-1] = _Stretch(last.start, end, last.reason)
        else:
            found.append(_Stretch(start, end, why or ""))
    return found


def _strip(stretches: list[_Stretch], index: int) -> list[dict[str, Any]]:
    """Return the strip of what counts: solid where it does, hatched where it does not."""
    looks: dict[bool, dict[str, Any]] = {
        True: {"color": palette.METRIC},
        False: {"color": palette.SHADE, "pattern": {"shape": "/", "fgcolor": palette.SOFT,
                                                    "size": 5, "solidity": 0.25}},
    }  # fmt: skip
    return [
        {
            "type": "bar", "orientation": "h", "yaxis": _axis("y", index), "width": BAR_SHARE,
            "base": [s.start for s in told], "x": [round(s.end - s.start, 2) for s in told],
            "y": [0] * len(told), "marker": look | {"line": {"width": 0}}, "hoverinfo": "text",
            "hovertext": [_said(s) for s in told],
        }
        for counts, look in looks.items()
        if (told := [s for s in stretches if (s.reason == "") == counts])
    ]  # fmt: skip


def _said(stretch: _Stretch) -> str:
    span = f"{stretch.start:.1f} to {stretch.end:.1f} min"
    why = f"does not count: {plain(stretch.reason)}" if stretch.reason else "counts"
    return f"{span}<br>{why}"


def _strip_axis(height_px: int) -> dict[str, Any]:
    return {
        "domain": [0, 0.5 * STRIP_PX / height_px], "range": [-0.5, 0.5], "visible": False,
        "fixedrange": True, "anchor": "x",
    }  # fmt: skip


def _strip_label(height_px: int) -> dict[str, Any]:
    return {
        "text": "What counts: solid; hatched does not", "x": 0, "xref": "paper",
        "xanchor": "left", "y": 0.5 * STRIP_PX / height_px, "yref": "paper", "yanchor": "bottom",
        "font": {"color": palette.INK},
    }  # fmt: skip


def _shades(stretches: list[_Stretch], *, foot: float) -> list[dict[str, Any]]:
    return [
        {"type": "rect", "x0": s.start, "x1": s.end, "y0": foot, "y1": 1, "yref": "paper",
         "layer": "below", "fillcolor": palette.SHADE, "line": {"width": 0}}
        for s in stretches if not s.reason
    ]  # fmt: skip


def _windows(
    windows: Sequence[Window], above: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a bar above the panels and a name for each window."""
    bars: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for window in windows:
        start, end = (round(s / S_PER_MIN, 2) for s in (window.start_s, window.end_s))
        bars.append({
            "type": "line", "x0": start, "x1": end, "y0": above, "y1": above, "yref": "paper",
            "line": {"color": palette.DRIFT, "width": 4},
        })  # fmt: skip
        names.append({
            "text": window.name, "x": end, "xanchor": "right", "y": above, "yref": "paper",
            "yanchor": "bottom",
        })  # fmt: skip
    return bars, names
