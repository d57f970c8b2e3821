"""Glute dose as bars under a metric, on the same time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import date_axis, days, numbers
from carryover.charts.words import number, plural, short_day

if TYPE_CHECKING:
    import plotly.graph_objects as go

BENEATH: Final = [0.0, 0.17]
STEADY_DOSE: Final = 2.0
"""Two median sessions a week: the dose that every effect is told for."""
WEEK_MS: Final = 7 * 86_400_000
BAR_SHARE: Final = 0.7


def add_dose_strip(fig: go.Figure, dose: pl.DataFrame, *, axis: str) -> None:
    """Add weekly dose (week_start, dose, n_sessions) on `axis` and pin the time axis to it."""
    dose = dose.filter(pl.col("dose") > 0)
    texts = [
        f"Week of {short_day(row['week_start'])} {row['week_start'].year}<br>dose "
        f"{number(row['dose'], 1)}, {plural(row['n_sessions'], 'session')}"
        for row in dose.iter_rows(named=True)
    ]
    fig.add_bar(
        x=days(dose["week_start"].dt.offset_by("3d")), y=numbers(dose["dose"], 2), yaxis=axis,
        width=[WEEK_MS * BAR_SHARE] * len(dose),
        marker={"color": palette.DOSE, "line": {"width": 0}},
        hovertext=texts, hoverinfo="text",
    )  # fmt: skip
    top = max([STEADY_DOSE, *(dose["dose"].to_list())])
    fig.update_layout(
        {
            f"yaxis{axis.removeprefix('y')}": {
                "domain": BENEATH, "range": [0, 1.15 * top], "nticks": 3, "title": {"text": "dose"},
                "anchor": "x", "rangemode": "tozero",
            },
        }
    )  # fmt: skip
    date_axis(fig, anchor=axis)
