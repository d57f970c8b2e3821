"""What trials lead one to expect, what the runs say, and both together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, narrow, titled
from carryover.charts.verdict_interval import effect_unit
from carryover.charts.words import number, plain
from carryover.metrics import metric

HEIGHT_PX: Final = 330
ROW_HIGH: Final = 0.72
"""Of the distance between two rows."""
CURVE_POINTS: Final = 61
SIGMAS: Final = 3.2
Z95: Final = 1.959964
NEEDED: Final = ("effect", "ci_low", "ci_high", "posterior", "posterior_low", "posterior_high",
                 "prior_sd")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Curve:
    label: str
    mean: float
    sd: float
    tone: str
    dash: str


def belief(row: dict[str, Any]) -> Drawing:
    """Draw one row of `carry_over`: prior, estimate and posterior, with the band of what matters.

    Each is a normal curve of the published mean and 95 % interval, as tall as the others.
    """
    if any(row[name] is None for name in NEEDED):
        return Empty(
            "There is nothing to weigh yet: an estimate comes with enough runs and sessions.",
            "Keep logging both.",
        )
    told = (
        _Curve("Expected beforehand: little or no change", 0.0, row["prior_sd"], palette.SOFT,
               "dash"),
        _Curve("Your runs alone", row["effect"], _sd(row, "ci_low", "ci_high"),
               palette.DRIFT if row["outcome"] == "decay" else palette.METRIC, "solid"),
        _Curve("Both together", row["posterior"], _sd(row, "posterior_low", "posterior_high"),
               palette.INK, "solid"),
    )  # fmt: skip
    curves = [curve for curve in told if curve.sd > 0]
    swc = row["swc"] or 0.0
    fig = figure(HEIGHT_PX)
    reach = max(1.3 * swc, *(abs(c.mean) + 2.4 * c.sd for c in curves))
    for place, curve in enumerate(reversed(curves)):
        _draw(fig, curve, float(place), reach)
    _ground(fig, row, swc, reach)
    fig.update_yaxes(visible=False, range=[-0.08, len(curves) - 0.02])
    fig.update_xaxes(range=[-reach, reach], title={"text": plain(effect_unit(row))}, zeroline=False)
    fig.update_layout(margin={"l": 8, "r": 8, "t": 46, "b": 48})
    return narrow(titled(fig, _finding(row), _subtitle(row)), {"xaxis.nticks": 5})


def percent(share: float | None) -> str:
    """Return a chance in whole percents; the last one at either end is told as less or more."""
    if share is None:
        return "–"
    if share < 0.01:  # noqa: PLR2004 - one percent
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{number(100 * share)} %"  # noqa: PLR2004 - the same


def sides_of(row: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Return the chances of a change that matters, either way, and of none; empty without an SWC.

    Where the outcome has a good side it is named benefit and harm, the benefit first.
    """
    above, below = row["chance_above"], row["chance_below"]
    if above is None or below is None:
        return ()
    neither = ("too small to matter", max(1.0 - above - below, 0.0))
    if row["good_side"] not in {"up", "down"}:
        return (("more", above), ("less", below), neither)
    good, bad = (above, below) if row["good_side"] == "up" else (below, above)
    return (("worthwhile benefit", good), ("worthwhile harm", bad), neither)


def _sd(row: dict[str, Any], low: str, high: str) -> float:
    return float(row[high] - row[low]) / (2.0 * Z95)


def _finding(row: dict[str, Any]) -> str:
    said = ", ".join(f"{words} {percent(share)}" for words, share in sides_of(row))
    if said:
        return f"Chances, with what trials find weighed in: {said}"
    digits = metric(row["metric"]).decimals + 1
    ends = [number(row[k], digits, signed=True) for k in ("posterior_low", "posterior_high")]
    return f"With what trials find weighed in: {ends[0]} to {ends[1]} {effect_unit(row)}"


def _subtitle(row: dict[str, Any]) -> str:
    digits, unit = metric(row["metric"]).decimals + 1, effect_unit(row)
    band = f"; grey band: too small to matter (± {number(row['swc'], digits)} {unit})"
    return (
        "Change with two sessions a week, each curve as tall as the others"
        f"{band if row['swc'] else ''}. Trials find little or no change of form, so the "
        f"expectation is 0 ± {number(row['prior_sd'], digits)} {unit} (SD). For display: the "
        "verdict does not rest on it."
    )


def _draw(fig: Any, curve: _Curve, base: float, reach: float) -> None:  # noqa: ANN401 - a figure
    steps = [SIGMAS * (2 * k / (CURVE_POINTS - 1) - 1) for k in range(CURVE_POINTS)]
    inside = [
        (curve.mean + s * curve.sd, s) for s in steps if abs(curve.mean + s * curve.sd) < reach
    ]
    x = [round(at, 4) for at, _ in inside]
    y = [round(base + ROW_HIGH * math.exp(-s * s / 2), 4) for _, s in inside]
    fig.add_scatter(
        x=[*x, *reversed(x)], y=[*y, *([base] * len(x))], mode="lines", fill="toself",
        fillcolor=palette.SHADE, hoverinfo="skip", line={"width": 0, "color": palette.SHADE},
    )  # fmt: skip
    fig.add_scatter(
        x=x, y=y, mode="lines", hoverinfo="skip",
        line={"color": curve.tone, "width": 2, "dash": curve.dash},
    )  # fmt: skip
    half = Z95 * curve.sd
    ends = [round(max(curve.mean - half, -reach), 4), round(min(curve.mean + half, reach), 4)]
    fig.add_scatter(
        x=ends, y=[base, base], mode="lines", hoverinfo="skip",
        line={"color": curve.tone, "width": 4},
    )  # fmt: skip
    fig.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=base + ROW_HIGH + 0.02,
        yanchor="bottom",
        text=curve.label,
        font={"color": palette.INK},
    )


def _ground(fig: Any, row: dict[str, Any], swc: float, reach: float) -> None:  # noqa: ANN401 - a figure
    if swc:
        fig.add_shape(
            type="rect", x0=-swc, x1=swc, y0=0, y1=1, yref="paper", layer="below",
            fillcolor=palette.BAND, line={"width": 0},
        )  # fmt: skip
    fig.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": palette.SOFT, "width": 1}
    )
    above, below = row["chance_above"], row["chance_below"]
    if above is None or below is None:
        return
    between = percent(max(1.0 - above - below, 0.0))
    for text, x, anchor in (
        (f"less<br>{percent(below)}", -reach, "left"),
        (f"too small<br>{between}", 0, "center"),
        (f"more<br>{percent(above)}", reach, "right"),
    ):
        fig.add_annotation(
            x=x, y=1, yref="paper", yanchor="bottom", xanchor=anchor, align=anchor, text=text
        )
