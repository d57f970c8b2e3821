"""How much of a late change is pace and hills: as recorded against at equal pace and grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    difference,
    difference_unit,
    figure,
    narrow,
    numbers,
    titled,
)
from carryover.charts.dots import NEWEST, clear_of_zero, look
from carryover.charts.words import day_text, plural

if TYPE_CHECKING:
    import polars as pl

    from carryover.metrics import Metric

HEIGHT_PX: Final = 360
ROOM: Final = 0.06
SHARES: Final = (
    (0.05, "Next to nothing"), (0.2, "About a tenth"), (0.3, "A quarter"), (0.42, "About a third"),
    (0.58, "Half"), (0.72, "Two thirds"), (0.87, "Three quarters"), (1.05, "Nearly all"),
)  # fmt: skip
"""Upper bounds of a share, and the share in words."""


def raw_adjusted(
    metric: Metric, drift: pl.DataFrame, *, raw: float | None, adjusted: float | None
) -> Drawing:
    """Draw judged runs: the change as recorded across, at equal pace and grade upwards.

    `drift`: local_date, change, change_adj, ci_low, ci_high, href. `raw` and `adjusted`: means
    over the runs where the raw one can be told from 0, else None.
    """
    drift = drift.drop_nulls(["change", "change_adj"]).sort("local_date")
    if drift.is_empty():
        return Empty(
            "No judged run has a change both as recorded and at equal pace and grade.",
            "Run 50 minutes or more at an even pace, wearing the same sensor.",
        )
    ends = [drift["change"].min(), drift["change_adj"].min(), 0.0]
    tops = [drift["change"].max(), drift["change_adj"].max(), 0.0]
    low, high = min(map(float, ends)), max(map(float, tops))  # type: ignore[arg-type]
    spare = ROOM * (high - low or 1.0)
    span = [low - spare, high + spare]
    fig = figure(HEIGHT_PX)
    _lines(fig, span)
    digits = metric.decimals + 1
    shown, dots = drift.tail(NEWEST), look(len(drift))
    fig.add_scatter(
        x=numbers(shown["change"], digits), y=numbers(shown["change_adj"], digits), mode="markers",
        marker={
            "size": dots.size, "color": palette.DRIFT, "opacity": min(0.7, dots.opacity),
            "line": {"width": 1.4, "color": palette.DRIFT},
            "symbol": ["circle" if c else "circle-open" for c in clear_of_zero(shown)],
        },
        hovertext=[_text(metric, row) for row in shown.iter_rows(named=True)], hoverinfo="text",
        customdata=shown["href"].to_list(),
    )  # fmt: skip
    unit = difference_unit(metric) or "ratio"
    fig.update_xaxes(title={"text": f"as recorded, {unit}"}, range=span, nticks=7)
    fig.update_yaxes(title={"text": f"at equal pace and grade, {unit}"}, range=span, nticks=7)
    which = "Each dot: one run"
    if len(drift) > NEWEST:
        which = f"Dots: the newest {NEWEST} runs"
    words = (
        f"{which}. On the dashed line pace and hills make no difference; the distance "
        "from it is what they made of the late change."
    )
    return narrow(titled(fig, _finding(metric, drift, raw, adjusted), words), {"xaxis.nticks": 5})


def _lines(fig: Any, span: list[float]) -> None:  # noqa: ANN401 - a plotly figure
    soft = {"color": palette.SOFT, "width": 1}
    fig.add_shape(type="line", x0=span[0], x1=span[1], y0=0, y1=0, line=soft)
    fig.add_shape(type="line", x0=0, x1=0, y0=span[0], y1=span[1], line=soft)
    fig.add_shape(
        type="line", x0=span[0], x1=span[1], y0=span[0], y1=span[1], line=soft | {"dash": "dash"}
    )


def _finding(metric: Metric, drift: pl.DataFrame, raw: float | None, adjusted: float | None) -> str:
    apart = (drift["change"] - drift["change_adj"]).abs().median()
    if raw is None or adjusted is None:
        typical = difference(metric, float(apart), metric.decimals + 1).removeprefix("+")  # type: ignore[arg-type]
        return f"Pace and hills move the late change by {typical} in the middle run"
    told = [difference(metric, value, metric.decimals + 1) for value in (raw, adjusted)]
    runs = plural(len(drift), "run")
    return f"{share_words(1.0 - adjusted / raw)}: {told[0]} as recorded, {told[1]} without, {runs}"


def share_words(share: float) -> str:
    """Return how much of a mean raw change is pace and hills: `Half of the raw change is …`."""
    if share < -SHARES[0][0]:
        return "Pace and hills hide a part of the change"
    if share > SHARES[-1][0]:
        return "Pace and hills alone make the raw change, and more"
    words = next(words for bound, words in SHARES if share <= bound)
    return f"{words} of the raw change is pace and hills"


def _text(metric: Metric, row: dict[str, Any]) -> str:
    raw, adjusted = (
        difference(metric, row[key], metric.decimals) for key in ("change", "change_adj")
    )
    return (
        f"{day_text(row['local_date'])}<br>{raw} as recorded<br>{adjusted} at equal pace and grade"
    )
