"""Contact balance downhill and uphill, slow and fast, early and late in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.balance_history import EVEN, SIDES, side_of
from carryover.charts.base import Drawing, Empty, figure, narrow, numbers, titled
from carryover.charts.middle import signed_axis
from carryover.charts.words import number, plain, plural

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROW_PX: Final = 24
EDGE_PX: Final = 72
SPARE: Final = 0.12
KINDS: Final = ("grade", "pace", "tenth")
REFERENCES: Final = {"grade": "on the level", "pace": "in the middle third of pace",
                     "tenth": "early in the same runs"}  # fmt: skip
"""What each kind's changes are told from, as one says it."""


def balance_condition(classes: pl.DataFrame, worth: float) -> Drawing:
    """Draw the mean balance of runs in each class, with its 95 % interval.

    `classes`: kind, class_rank, condition, n_runs, balance_pct, balance_low_pct,
    balance_high_pct, change_pct, change_low_pct, change_high_pct of one sensor. `worth`: the
    smallest change that matters, points.
    """
    known = classes.drop_nulls("balance_pct").filter(pl.col("kind").is_in(KINDS))
    if known.is_empty():
        return Empty(
            "Balance by grade, pace and length of a run needs five runs in a class.",
            "Keep running with the sensor that tells left from right.",
        )
    rows = [row for kind in KINDS for row in known.filter(kind=kind).sort("class_rank").to_dicts()]
    places = _places(rows)
    fig = figure(ROW_PX * (round(places[-1]) + 1) + EDGE_PX)
    _marks(fig, rows, places)
    ends = [row[k] for row in rows for k in ("balance_low_pct", "balance_high_pct")]
    fig.update_xaxes(**_axis([v for v in ends if v is not None]))
    fig.add_shape(
        type="line", x0=EVEN, x1=EVEN, yref="paper", y0=0, y1=1, layer="below",
        line={"color": palette.SOFT, "width": 1},
    )  # fmt: skip
    fig.update_yaxes(
        tickmode="array", tickvals=places, range=[places[-1] + 0.6, -0.6], showgrid=False,
        ticktext=[plain(row["condition"]) for row in rows],
    )  # fmt: skip
    words = (
        "Mean of the runs' means with 95 % interval, runs as the unit: circles longer on the left, "
        "squares longer on the right. Pace on level ground; tenths of runs of 50 minutes or more."
    )
    return narrow(titled(fig, condition_finding(rows, worth), words), {"xaxis.nticks": 5})


def _axis(ends: list[float]) -> dict[str, Any]:
    """Return the signed axis, cut to where the intervals lie; even always stays in sight."""
    low, high = min([EVEN, *ends]), max([EVEN, *ends])
    spare = SPARE * (high - low)
    return signed_axis(ends, EVEN) | {"range": [low - spare, high + spare], "tickangle": 0}


def _places(rows: list[dict[str, Any]]) -> list[float]:
    """Return the height of each row, with a little room between kinds."""
    places, at = [], 0.0
    for index, row in enumerate(rows):
        at += 0.0 if index == 0 else 1.0 + 0.6 * (row["kind"] != rows[index - 1]["kind"])
        places.append(at)
    return places


def _marks(fig: go.Figure, rows: list[dict[str, Any]], places: list[float]) -> None:
    for side, colour, symbol in SIDES:
        own = [k for k, row in enumerate(rows) if side_of(row["balance_pct"]) == side]
        if not own:
            continue
        told = pl.DataFrame([rows[k] for k in own], infer_schema_length=None)
        mid = told["balance_pct"]
        fig.add_scatter(
            x=numbers(mid, 2), y=[places[k] for k in own], mode="markers", hoverinfo="text",
            marker={"size": 9, "color": colour, "symbol": symbol},
            error_x={
                "type": "data", "symmetric": False, "width": 0, "thickness": 1.6,
                "color": palette.SOFT, "array": numbers(told["balance_high_pct"] - mid, 3),
                "arrayminus": numbers(mid - told["balance_low_pct"], 3),
            },
            hovertext=[_text(row) for row in told.iter_rows(named=True)],
        )  # fmt: skip


def _text(row: dict[str, Any]) -> str:
    low, mid, high = (number(row[f"balance_{k}pct"], 1) for k in ("low_", "", "high_"))
    text = f"{plain(row['condition'])}<br>{mid} % left (95 %: {low} to {high})<br>"
    text += plural(row["n_runs"], "run")
    if row["change_pct"] is not None:
        change = number(row["change_pct"], 2, signed=True)
        text += f"<br>{change} points from {REFERENCES[row['kind']]}"
    return text


def condition_finding(rows: list[dict[str, Any]], worth: float) -> str:
    """Say where balance differs most from the reference of its kind, if it can be told at all."""
    clear = [
        row for row in rows
        if row["change_pct"] is not None and row["change_low_pct"] is not None
        and (row["change_low_pct"] > 0 or row["change_high_pct"] < 0)
    ]  # fmt: skip
    if not clear:
        return (
            "Balance is the same uphill and down, slow and fast, early and late, within its noise"
        )
    most = max(clear, key=lambda row: abs(row["change_pct"]))
    side = "left" if most["change_pct"] > 0 else "right"
    size = number(abs(most["change_pct"]), 2)
    small = ", less than matters" if abs(most["change_pct"]) < worth else ""
    where = f"in {most['condition']}" if most["kind"] != "grade" else most["condition"]
    return f"Balance: {size} points further {side} {where} than {REFERENCES[most['kind']]}{small}"
