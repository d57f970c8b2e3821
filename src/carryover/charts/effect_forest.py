"""Every answer beside every other: effects and intervals, in smallest worthwhile changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, narrow, titled
from carryover.charts.verdict_interval import effect_unit, outcome_words
from carryover.charts.words import number, plain, plural
from carryover.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

ROW_PX: Final = 46
AROUND_PX: Final = 84
MOST_REACH: Final = 8.0
"""So many worthwhile changes are drawn to each side; a longer bar is cut and ends in an arrow."""
STRENGTH: Final = "strength"


def effect_forest(rows: pl.DataFrame, works: Mapping[str, str]) -> Drawing:
    """Draw rows of `carry_over` that have an effect and a smallest worthwhile change.

    `rows` in the order of drawing, from the top; `works` names each exposure in words.
    Effects are divided by their own smallest worthwhile change, so that ms and % share an axis.
    """
    known = rows.drop_nulls(["effect", "ci_low", "ci_high", "swc"])
    if known.is_empty():
        return Empty(
            "No effect can be drawn yet.",
            "Keep logging runs and strength sessions; the home page says what is missing.",
        )
    told = [_told(row, works) for row in known.iter_rows(named=True)]
    fig = figure(AROUND_PX + ROW_PX * len(told))
    reach = min(MOST_REACH, max(1.5, *(1.1 * max(abs(t["low"]), abs(t["high"])) for t in told)))
    _bands(fig, reach)
    for place, line in enumerate(reversed(told)):
        _line(fig, line, place, reach)
    fig.update_yaxes(visible=False, range=[-0.6, len(told) - 0.2])
    fig.update_xaxes(
        range=[-reach, reach], title={"text": "smallest changes that matter"}, zeroline=False
    )
    fig.update_layout(margin={"l": 8, "r": 8, "t": 28, "b": 48})
    away = sum(line["low"] > 0 or line["high"] < 0 for line in told)
    return narrow(
        titled(
            fig,
            f"{away} of {plural(len(told), 'interval')} clear of zero",
            "Effect of two usual sessions a week with its 95 % interval, in smallest changes that "
            "matter (grey band: too small to matter). Filled: the one question fixed beforehand; "
            "open: exploratory, where one interval in twenty is clear of zero by chance alone.",
        ),
        {"xaxis.nticks": 5},
    )


def _told(row: dict[str, Any], works: Mapping[str, str]) -> dict[str, Any]:
    swc, digits = row["swc"], metric(row["metric"]).decimals + 1
    low, mid, high = (number(row[k], digits, signed=True) for k in ("ci_low", "effect", "ci_high"))
    dosed = row["exposure"]
    label = outcome_words(row).capitalize()
    if dosed != STRENGTH:
        label += f", by {works[dosed]}"
    unit = effect_unit(row).replace("ratio", "")
    return {
        "label": label, "effect": row["effect"] / swc, "low": row["ci_low"] / swc,
        "high": row["ci_high"] / swc, "primary": row["role"] == "primary",
        "tone": palette.DRIFT if row["outcome"] == "decay" else palette.METRIC,
        "words": f"{mid} {unit}".strip(),
        "hover": f"{plain(label)}<br>{mid} {plain(unit)}<br>95 %: {low} to {high}<br>"
        f"matters from ± {number(swc, digits)} {plain(unit)}<br>n {row['n_runs']} runs<br>"
        f"{plain(row['verdict'] or '')}",
    }  # fmt: skip


def _line(fig: go.Figure, line: dict[str, Any], place: int, reach: float) -> None:
    x = [round(max(line["low"], -reach), 3), round(min(line["high"], reach), 3)]
    fig.add_scatter(
        x=x, y=[place, place], mode="lines", hoverinfo="skip",
        line={"color": palette.INK, "width": 3 if line["primary"] else 1.5},
    )  # fmt: skip
    for cut, end, symbol in (
        (line["low"] < -reach, -reach, "triangle-left"),
        (line["high"] > reach, reach, "triangle-right"),
    ):
        if cut:
            fig.add_scatter(
                x=[end], y=[place], mode="markers", hoverinfo="skip",
                marker={"symbol": symbol, "size": 8, "color": palette.INK},
            )  # fmt: skip
    if abs(line["effect"]) <= reach:
        fig.add_scatter(
            x=[round(line["effect"], 3)], y=[place], mode="markers", hoverinfo="text",
            hovertext=[line["hover"]],
            marker={
                "size": 13 if line["primary"] else 9,
                "symbol": "circle" if line["primary"] else "circle-open",
                "color": line["tone"], "line": {"width": 2, "color": line["tone"]},
            },
        )  # fmt: skip
    weight = "<b>{}</b>" if line["primary"] else "{}"
    fig.add_annotation(
        x=0, xref="paper", y=place, yshift=15, xanchor="left", yanchor="middle", align="left",
        text=weight.format(plain(line["label"])), showarrow=False,
    )  # fmt: skip
    fig.add_annotation(
        x=1, xref="paper", y=place, yshift=15, xanchor="right", yanchor="middle",
        text=plain(line["words"]), showarrow=False,
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
