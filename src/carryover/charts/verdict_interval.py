"""The headline: one effect, its interval, zero and the smallest change that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, narrow, titled
from carryover.charts.words import number, plain
from carryover.metrics import metric

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

HEIGHT_PX = 150


def effect_unit(row: dict[str, Any]) -> str:
    """Return the unit of a carry-over row's effect: its own, else the metric's."""
    known = row.get("effect_unit") or metric(row["metric"]).unit
    return str(known)


def outcome_words(row: dict[str, Any]) -> str:
    """Return what the effect is an effect on: `late-run drift of ground contact time`."""
    label = metric(row["metric"]).label.lower()
    return f"late-run drift of {label}" if row["outcome"] == "decay" else label


def verdict_interval(row: pl.DataFrame) -> Drawing:
    """Draw one row of `carry_over`: effect, 95 % interval, zero line, worthwhile band."""
    if row.is_empty() or row["effect"][0] is None or row["ci_low"][0] is None:
        return Empty(
            "There is no effect to draw yet: runs and strength sessions do not overlap enough.",
            "Keep logging both; weeks with and weeks without strength work settle it soonest.",
        )
    facts = row.row(0, named=True)
    digits = metric(facts["metric"]).decimals + 1
    unit = effect_unit(facts)
    low, mid, high = (
        number(facts[k], digits, signed=True) for k in ("ci_low", "effect", "ci_high")
    )
    fig = figure(HEIGHT_PX)
    _bands(fig, facts)
    _interval(
        fig,
        facts,
        hover=f"{mid} {plain(unit)}<br>95 %: {low} to {high}<br>n {facts['n_runs']} runs",
    )
    swc = facts["swc"]
    band = (
        f"; grey band: changes too small to matter (± {number(swc, digits)} {unit})" if swc else ""
    )
    return narrow(
        titled(
            fig,
            f"{mid} {unit} with two sessions a week (95 %: {low} to {high})",
            f"Change of {outcome_words(facts)}. Dot: estimate; bar: 95 % interval{band}. "
            f"{facts['n_runs']} runs.",
        ),
        {"xaxis.nticks": 5},
    )


def _interval(fig: go.Figure, facts: dict[str, Any], *, hover: str) -> None:
    x = [round(facts["ci_low"], 4), round(facts["ci_high"], 4)]
    tone = palette.DRIFT if facts["outcome"] == "decay" else palette.METRIC
    line = {"color": palette.INK, "width": 3}
    fig.add_scatter(x=x, y=[0, 0], mode="lines", line=line, hoverinfo="skip")
    fig.add_scatter(
        x=[round(facts["effect"], 4)], y=[0], mode="markers", hovertext=[hover], hoverinfo="text",
        marker={"size": 14, "color": tone},
    )  # fmt: skip


def _bands(fig: go.Figure, facts: dict[str, Any]) -> None:
    swc = facts["swc"] or 0.0
    if swc:
        fig.add_shape(
            type="rect", x0=-swc, x1=swc, y0=0, y1=1, yref="paper", layer="below",
            fillcolor=palette.BAND, line={"width": 0},
        )  # fmt: skip
    fig.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": palette.SOFT, "width": 1}
    )
    reach = 1.15 * max(abs(facts["ci_low"]), abs(facts["ci_high"]), swc)
    sides = (("less", -reach, "left"), ("no change", 0, "center"), ("more", reach, "right"))
    for words, x, anchor in sides:
        fig.add_annotation(x=x, y=1, yref="paper", yanchor="bottom", xanchor=anchor, text=words)
    fig.update_yaxes(visible=False, range=[-1, 1])
    fig.update_xaxes(range=[-reach, reach], title={"text": plain(effect_unit(facts))})
    fig.update_layout(margin={"l": 8, "r": 8, "t": 24, "b": 44})
