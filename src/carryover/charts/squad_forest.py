"""Several athletes' answers beside each other, each in their own smallest worthwhile changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, narrow, titled
from carryover.charts.verdict_interval import effect_unit
from carryover.charts.words import number, plain, plural
from carryover.metrics import metric, metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

ROW_PX: Final = 38
AROUND_PX: Final = 84
MOST_REACH: Final = 8.0
"""So many worthwhile changes are drawn to each side; a longer bar is cut and ends in an arrow."""
NAME_CHARS: Final = 26
EDGE: Final = 1.03
"""Room beyond the reach, so that an arrow is drawn whole."""
LABEL_PX: Final = 13
"""The words of a row stand above its bar."""


def squad_forest(people: Sequence[tuple[str, dict[str, Any]]]) -> Drawing:
    """Draw each athlete's primary effect; `people`: names and rows of carry_over, from the top."""
    told = [
        (name, facts) for name, facts in people
        if facts["metric"] in metrics() and facts["swc"]
        and None not in (facts["effect"], facts["ci_low"], facts["ci_high"])
    ]  # fmt: skip
    if not told:
        return Empty(
            "No athlete has an effect to draw yet.",
            "Keep logging runs and strength sessions; each row says what is missing.",
        )
    lines = [_line(name, facts) for name, facts in told]
    ends = [abs(line[end]) for line in lines for end in ("low", "high")]
    reach = min(MOST_REACH, max(1.5, 1.1 * max(ends)))
    fig = figure(AROUND_PX + ROW_PX * len(lines))
    _bands(fig, reach)
    for place, line in enumerate(reversed(lines)):
        _draw(fig, line, place, reach)
    fig.update_yaxes(visible=False, range=[-0.6, len(lines) - 0.2])
    edge = EDGE * reach
    fig.update_xaxes(range=[-edge, edge], title={"text": "smallest changes that matter"})
    fig.update_layout(margin={"l": 8, "r": 8, "t": 28, "b": 48})
    clear = sum(line["clear"] for line in lines)
    title = f"{clear} of {plural(len(lines), 'interval')} clear of zero"
    subtitle = (
        "Change that goes with two sessions a week, each athlete's own question, with its 95 % "
        "interval, in smallest changes that matter (grey band: too small to matter). Filled: clear "
        "of zero. Two athletes' effects are no contest: their questions may differ."
    )
    return narrow(titled(fig, title, subtitle), {"xaxis.nticks": 5})


def _line(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    swc, digits = facts["swc"], metric(facts["metric"]).decimals + 1
    low, mid, high = (
        number(facts[k], digits, signed=True) for k in ("ci_low", "effect", "ci_high")
    )
    unit = effect_unit(facts).replace("ratio", "")
    short = name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1]}…"
    return {
        "name": plain(short), "words": plain(f"{mid} {unit}".strip()),
        "effect": facts["effect"] / swc, "low": facts["ci_low"] / swc,
        "high": facts["ci_high"] / swc, "clear": facts["ci_low"] > 0 or facts["ci_high"] < 0,
        "tone": palette.DRIFT if facts["outcome"] == "decay" else palette.METRIC,
        "hover": f"{plain(short)}<br>{mid} {plain(unit)}<br>95 %: {low} to {high}",
    }  # fmt: skip


def _draw(fig: go.Figure, line: dict[str, Any], place: int, reach: float) -> None:
    ends = [round(min(max(line[end], -reach), reach), 3) for end in ("low", "high")]
    fig.add_scatter(
        x=ends, y=[place, place], mode="lines", hoverinfo="skip",
        line={"color": palette.INK, "width": 2},
    )  # fmt: skip
    cut = [
        (end, symbol)
        for end, symbol, is_cut in (
            (-reach, "triangle-left", line["low"] < -reach),
            (reach, "triangle-right", line["high"] > reach),
        )
        if is_cut
    ]
    if cut:
        fig.add_scatter(
            x=[end for end, _ in cut], y=[place] * len(cut), mode="markers", hoverinfo="skip",
            marker={"symbol": [s for _, s in cut], "size": 8, "color": palette.INK},
        )  # fmt: skip
    if abs(line["effect"]) <= reach:
        fig.add_scatter(
            x=[round(line["effect"], 3)], y=[place], mode="markers", hoverinfo="text",
            hovertext=[line["hover"]],
            marker={
                "size": 11, "symbol": "circle" if line["clear"] else "circle-open",
                "color": line["tone"], "line": {"width": 2, "color": line["tone"]},
            },
        )  # fmt: skip
    for x, anchor, words in ((0, "left", line["name"]), (1, "right", line["words"])):
        fig.add_annotation(
            x=x, xref="paper", y=place, yshift=LABEL_PX, xanchor=anchor, yanchor="middle",
            text=words, showarrow=False,
        )  # fmt: skip


def _bands(fig: go.Figure, reach: float) -> None:
    fig.add_shape(
        type="rect", x0=-1, x1=1, y0=0, y1=1, yref="paper", layer="below",
        fillcolor=palette.BAND, line={"width": 0},
    )  # fmt: skip
    fig.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": palette.SOFT, "width": 1}
    )
    for words, x, anchor in (("less", -reach, "left"), ("more", reach, "right")):
        fig.add_annotation(
            x=x, y=1, yref="paper", yanchor="bottom", xanchor=anchor, text=words, showarrow=False
        )
