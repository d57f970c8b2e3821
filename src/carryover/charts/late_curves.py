"""The newest long runs side by side: form from tenth to tenth, each over the usual band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, difference_unit, figure, narrow, numbers, titled
from carryover.charts.dots import clear_of_zero
from carryover.charts.words import number, plural, short_day

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from carryover.metrics import Metric

COLUMNS: Final = 4
PHONE_COLUMNS: Final = 2
ROW_PX: Final = 150
PHONE_ROW_PX: Final = 104
GAP_X: Final = 0.03
LABEL_PX: Final = 24
FOOT_PX: Final = 48
TOP_PX: Final = 4
ROOM: Final = 0.08
LATE_TENTH: Final = 7
"""After this tenth a run is late."""


def late_curves(metric: Metric, tenths: pl.DataFrame) -> Drawing:
    """Draw runs as small panels on one scale, newest first.

    `tenths`: run_id, local_date, distance_m, tenth, change_adj, ci_low, ci_high, usual_low,
    usual_high, href; the runs in the order of drawing.
    """
    known = tenths.drop_nulls("change_adj")
    if known.is_empty():
        return Empty(
            "No judged run tells how this metric moved from tenth to tenth.",
            "Run 50 minutes or more at an even pace, wearing the same sensor.",
        )
    runs = known.partition_by("run_id", maintain_order=True)
    height = _height(len(runs))
    fig = figure(height)
    fig.update_layout(margin={"t": TOP_PX, "b": FOOT_PX})
    span = _span(known)
    phone: dict[str, Any] = {}
    for index, run in enumerate(runs):
        _panel(fig, run.sort("tenth"), metric, index)
        wide = _layout(index, len(runs), COLUMNS, height)
        phone |= _paths(_layout(index, len(runs), PHONE_COLUMNS, height), index)
        _axes(fig, index, wide, span)
        fig.add_annotation(
            xref="paper", yref="paper", x=wide["x"][0], y=wide["y"][1], xanchor="left",
            yanchor="bottom", text=_label(run.row(0, named=True)), font={"color": palette.INK},
        )  # fmt: skip
    words = (
        f"Newest first, one scale, {difference_unit(metric) or 'ratio'}: each tenth of a run less "
        "its early part (10 to 35 %), at equal pace and grade, with 95 % band; solid where it "
        "clears zero. Shaded: where nineteen in twenty of your long runs with this sensor lie. "
        "Across: % of moving time."
    )
    return narrow(titled(fig, _finding(metric, runs), words), phone)


def _finding(metric: Metric, runs: list[pl.DataFrame]) -> str:
    """Say how many of the runs left the usual band in the last three tenths."""
    told = outside = 0
    for run in runs:
        late = run.filter(pl.col("tenth") > LATE_TENTH).drop_nulls(["usual_low", "usual_high"])
        told += bool(len(late))
        beyond = (pl.col("change_adj") < pl.col("usual_low")) | (
            pl.col("change_adj") > pl.col("usual_high")
        )
        outside += bool(late.select(beyond.any()).item()) if len(late) else 0
    if not told:
        return f"{metric.label} over {plural(len(runs), 'run')}; your usual is not known yet"
    count = "none" if not outside else number(outside)
    verb = "leaves" if outside == 1 else "leave"
    newest = "the newest run" if told == 1 else f"the newest {number(told)} long runs"
    return f"{metric.label}: {count} of {newest} {verb} your usual band late"


def _height(n: int) -> int:
    """Return the height that serves both the desktop's and the phone's number of columns."""
    wide, phone = -(-n // COLUMNS), -(-n // PHONE_COLUMNS)
    return max(wide * ROW_PX, phone * PHONE_ROW_PX) + TOP_PX + FOOT_PX


def _layout(index: int, n: int, columns: int, height: int) -> dict[str, Any]:
    """Return a panel's domains, and whether it carries the ticks of its axes."""
    row, column = divmod(index, columns)
    rows, columns = -(-n // columns), min(columns, n)
    across, down = 1.0 / columns, 1.0 / rows
    label = LABEL_PX / (height - TOP_PX - FOOT_PX)
    below = index + columns >= n
    return {
        "x": [column * across + GAP_X * bool(column) / 2, (column + 1) * across - GAP_X / 2],
        "y": [1.0 - (row + 1) * down + label / 3, 1.0 - row * down - label],
        "x_ticks": below, "y_ticks": column == 0,
    }  # fmt: skip


def _suffix(index: int) -> str:
    return "" if index == 0 else str(index + 1)


def _paths(place: dict[str, Any], index: int) -> dict[str, Any]:
    """Return the layout changes that put a panel where a phone wants it."""
    end = _suffix(index)
    return {
        f"xaxis{end}.domain": place["x"], f"yaxis{end}.domain": place["y"],
        f"xaxis{end}.showticklabels": place["x_ticks"],
        f"yaxis{end}.showticklabels": place["y_ticks"],
        f"annotations.{index}.x": place["x"][0], f"annotations.{index}.y": place["y"][1],
    }  # fmt: skip


def _axes(fig: go.Figure, index: int, place: dict[str, Any], span: list[float]) -> None:
    end = _suffix(index)
    fig.update_layout({
        f"xaxis{end}": {
            "domain": place["x"], "anchor": f"y{end}", "range": [0, 100],
            "tickvals": [0, 50, 100], "showticklabels": place["x_ticks"],
        },
        f"yaxis{end}": {
            "domain": place["y"], "anchor": f"x{end}", "range": span, "nticks": 4,
            "showticklabels": place["y_ticks"], "zeroline": True, "zerolinewidth": 1,
            "zerolinecolor": palette.SOFT,
        },
    })  # fmt: skip


def _span(known: pl.DataFrame) -> list[float]:
    """Return one scale for all panels: every line and band of use, not the widest interval."""
    lows = [known[c].drop_nulls().min() for c in ("change_adj", "usual_low")]
    tops = [known[c].drop_nulls().max() for c in ("change_adj", "usual_high")]
    ends = [known["ci_low"].quantile(0.05), known["ci_high"].quantile(0.95)]
    low = min(float(v) for v in [0.0, *lows, ends[0]] if isinstance(v, float))
    high = max(float(v) for v in [0.0, *tops, ends[1]] if isinstance(v, float))
    spare = ROOM * (high - low or 1.0)
    return [low - spare, high + spare]


def _label(row: dict[str, Any]) -> str:
    km = row["distance_m"]
    year = row["local_date"].year
    return f"{short_day(row['local_date'])} {year}" + (
        f", {number(km / 1000.0)} km" if km is not None else ""
    )


def _panel(fig: go.Figure, run: pl.DataFrame, metric: Metric, index: int) -> None:
    end = _suffix(index)
    axes = {"xaxis": f"x{end}", "yaxis": f"y{end}"}
    usual = run.drop_nulls(["usual_low", "usual_high"])
    digits = metric.decimals + 1
    for band, low, high, colour in (
        (usual, "usual_low", "usual_high", palette.SHADE),
        (run.drop_nulls(["ci_low", "ci_high"]), "ci_low", "ci_high", palette.BAND),
    ):
        x = _centres(band)
        fig.add_scatter(
            x=[*x, *reversed(x)], mode="lines", fill="toself", fillcolor=colour, **axes,
            y=[*numbers(band[low], digits), *reversed(numbers(band[high], digits))],
            line={"width": 0, "color": colour}, hoverinfo="skip",
        )  # fmt: skip
    fig.add_scatter(
        x=_centres(run), y=numbers(run["change_adj"], digits), mode="lines+markers", **axes,
        line={"color": palette.METRIC, "width": 1.6},
        marker={"size": 5, "color": palette.METRIC, "line": {"width": 1.2, "color": palette.METRIC},
                "symbol": ["circle" if c else "circle-open" for c in clear_of_zero(run)]},
        hovertext=[_text(metric, row) for row in run.iter_rows(named=True)], hoverinfo="text",
        customdata=run["href"].to_list(),
    )  # fmt: skip


def _centres(run: pl.DataFrame) -> list[float]:
    return [10.0 * tenth - 5.0 for tenth in run["tenth"]]


def _text(metric: Metric, row: dict[str, Any]) -> str:
    digits = metric.decimals + 1
    said, low, high = (
        number(row[key], digits, signed=True) for key in ("change_adj", "ci_low", "ci_high")
    )
    return (
        f"{_label(row)}<br>{number(10 * row['tenth'] - 10)} to {number(10 * row['tenth'])} % of "
        f"the run<br>{said} {difference_unit(metric)} (95 %: {low} to {high})"
    )
