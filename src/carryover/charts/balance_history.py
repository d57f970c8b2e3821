"""Contact balance of every run, signed around even, over glute dose and one-sided work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, days, figure, narrow, numbers, titled
from carryover.charts.dose_strip import BAR_SHARE, WEEK_MS, add_dose_strip
from carryover.charts.dots import look
from carryover.charts.middle import around_middle
from carryover.charts.running_middle import add_running_middle
from carryover.charts.sensor_marks import add_sensor_marks, sensor_changes
from carryover.charts.words import day_text, number, short_day

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go

EVEN: Final = 50.0
HEIGHT_PX: Final = 420
SIDED_PX: Final = 80
"""The height that a second strip adds."""
ABOVE: Final = [0.25, 1.0]
ABOVE_TWO: Final = [0.37, 1.0]
DOSE_OF_TWO: Final = [0.18, 0.29]
SIDED: Final = [0.0, 0.13]
LEAST_SIDED: Final = 0.05
"""A week whose sides differ by less of a usual session is even."""
SIDES: Final = (("left", palette.LEFT, "circle"), ("right", palette.RIGHT, "square"))
NO_BALANCE: Final = Empty(
    "No recording of yours tells left from right.",
    "Wear a Garmin strap that measures running dynamics, a Running Dynamics Pod, or two pods "
    "(Stryd Duo, RunScribe); a wrist or one pod cannot tell.",
)


def balance_history(
    runs: pl.DataFrame,
    dose: pl.DataFrame,
    sided: pl.DataFrame,
    bands: pl.DataFrame,
    *,
    since: date,
    until: date,
    sensors: pl.DataFrame,
    finding: str,
) -> Drawing:
    """Draw the balance of runs, % left.

    `runs`: local_date, value, noise, usual_low, usual_high, sensor_epoch, href. `dose`:
    week_start, dose, n_sessions. `sided`: week_start, left_minus_right (null where not told).
    `bands`: from_date, to_date, mean, half: each sensor's own level and the noise of one run.
    """
    runs = runs.drop_nulls("value").sort("local_date")
    if runs.is_empty():
        return NO_BALANCE
    sided = sided.filter(pl.col("left_minus_right").abs() >= LEAST_SIDED)
    two = len(sided) > 0
    fig = figure(HEIGHT_PX + SIDED_PX * two)
    _bands(fig, bands)
    _dots(fig, runs)
    window = add_running_middle(fig, runs, "value", 2, colour=palette.METRIC)
    around_middle(fig, runs["value"].to_list(), EVEN)
    above = ABOVE_TWO if two else ABOVE
    shown = sensor_changes(sensors).filter(pl.col("day").is_between(since, until))
    add_sensor_marks(fig, shown, bottom=above[0], span=(since, until))
    fig.update_yaxes(domain=above)
    add_dose_strip(fig, dose, axis="y2")
    if two:
        _sided(fig, sided)
    fig.update_xaxes(range=[since.isoformat(), until.isoformat()])
    words = _subtitle(bands, window=window, two=two)
    return narrow(titled(fig, finding, words), {"xaxis.nticks": 5})


def _subtitle(bands: pl.DataFrame, *, window: int, two: bool) -> str:
    text = (
        "Each run at reference speed where that is known: circles longer on the left, squares "
        "longer on the right, solid where beyond MDC of the six weeks before. "
    )
    if len(bands):
        text += "Shaded: each sensor's early level ± MDC95. "
    if window:
        text += f"Line: the middle of {window} neighbouring runs. "
    text += "Beneath: glute dose a week"
    return text + (", then left less right of one-sided work." if two else ".")


def _bands(fig: go.Figure, bands: pl.DataFrame) -> None:
    for row in bands.drop_nulls(["mean", "half"]).iter_rows(named=True):
        x0, x1 = (row[end].isoformat() for end in ("from_date", "to_date"))
        fig.add_shape(
            type="rect", x0=x0, x1=x1, y0=row["mean"] - row["half"], y1=row["mean"] + row["half"],
            layer="below", fillcolor=palette.SHADE, line={"width": 0},
        )  # fmt: skip
        fig.add_shape(
            type="line", x0=x0, x1=x1, y0=row["mean"], y1=row["mean"],
            line={"color": palette.SOFT, "width": 1, "dash": "dot"},
        )  # fmt: skip


def side_of(value: float) -> str:
    """Return on which side contact is longer, by balance in % left; even counts as left."""
    return "left" if value >= EVEN else "right"


def _dots(fig: go.Figure, runs: pl.DataFrame) -> None:
    shown = look(len(runs))
    for side, colour, symbol in SIDES:
        own = runs.filter(pl.col("value") >= EVEN if side == "left" else pl.col("value") < EVEN)
        if own.is_empty():
            continue
        beyond = [
            bool(low is not None and high is not None and not low <= value <= high)
            for value, low, high in own.select("value", "usual_low", "usual_high").iter_rows()
        ]
        fig.add_scatter(
            x=days(own["local_date"]), y=numbers(own["value"], 2), mode="markers",
            marker={
                "size": shown.size, "color": colour, "opacity": shown.opacity,
                "line": {"width": 1.4, "color": colour},
                "symbol": [symbol if out else f"{symbol}-open" for out in beyond],
            },
            hovertext=[_text(row) for row in own.iter_rows(named=True)], hoverinfo="text",
            customdata=own["href"].to_list(),
        )  # fmt: skip


def _text(row: dict[str, Any]) -> str:
    longer = max(row["value"], 100.0 - row["value"])
    noise = f" ± {number(row['noise'], 1)}" if row["noise"] is not None else ""
    return f"{day_text(row['local_date'])}<br>{number(longer, 1)} % {side_of(row['value'])}{noise}"


def _sided(fig: go.Figure, sided: pl.DataFrame) -> None:
    for side, colour, _ in SIDES:
        own = sided.filter((pl.col("left_minus_right") > 0) == (side == "left"))
        texts = [
            f"Week of {short_day(row['week_start'])} {row['week_start'].year}<br>"
            f"{number(abs(row['left_minus_right']), 1)} of a usual session more on the {side}"
            for row in own.iter_rows(named=True)
        ]
        fig.add_bar(
            x=days(own["week_start"].dt.offset_by("3d")), yaxis="y3",
            y=numbers(own["left_minus_right"], 2), width=[WEEK_MS * BAR_SHARE] * len(own),
            marker={"color": colour, "line": {"width": 0}}, hovertext=texts, hoverinfo="text",
        )  # fmt: skip
    top = round(1.2 * float(sided["left_minus_right"].abs().max()), 2)  # type: ignore[arg-type]
    fig.update_layout(
        yaxis2={"domain": DOSE_OF_TWO},
        yaxis3={
            "domain": SIDED, "range": [-top, top], "anchor": "x", "zeroline": True,
            "zerolinecolor": palette.SOFT, "zerolinewidth": 1, "tickmode": "array",
            "tickvals": [-top / 2, top / 2], "ticktext": ["more right", "more left"],
        },
        xaxis={"anchor": "y3"},
    )  # fmt: skip
