"""The title of a trend: what moved in the last weeks, or since when nothing did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import difference
from carryover.charts.words import month_text, number, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.metrics import Metric

WITHIN: Final = "within noise"
SETTLED_WEEKS: Final = 4
"""So many weeks within noise make a level that is worth telling."""


def trend_finding(
    metric: Metric, weeks: pl.DataFrame, moved: Mapping[str, Any] | None = None
) -> str:
    """Say what the last weeks of one metric show, against their noise.

    `weeks`: week_start, value, mdc95, sensor_epoch, oldest first; only the newest sensor
    epoch is looked at, for levels of two sensors cannot be compared. `moved`: change, noise and
    word of the last four weeks against the four before, where that can be told.
    """
    known = weeks.drop_nulls("value")
    if known.is_empty():
        return f"{metric.label}: no weekly value yet"
    word = moved["word"] if moved else None
    if moved and word and word != WITHIN:
        return _step(metric, moved)
    newest = known.row(-1, named=True)
    epoch = known.filter(pl.col("sensor_epoch").eq_missing(newest["sensor_epoch"]))
    if newest["mdc95"] is None:
        return f"{metric.label}: {metric.text(newest['value'])}, noise not known yet"
    quiet = _quiet_weeks(epoch, newest)
    if len(quiet) >= SETTLED_WEEKS:
        since = month_text(quiet["week_start"][0], quiet["week_start"][-1])
        return f"{metric.label}: {WITHIN} since {since}"
    if word == WITHIN:
        return f"{metric.label}: last four weeks {WITHIN} of the four before"
    value = metric.text(quiet["value"][-1])
    return f"{metric.label}: {value}, {plural(len(epoch), 'week')} so far"


def _quiet_weeks(epoch: pl.DataFrame, newest: dict[str, Any]) -> pl.DataFrame:
    """Return the unbroken run of newest weeks that lie within noise of the newest value."""
    outside = (epoch["value"] - newest["value"]).abs() > newest["mdc95"]
    last_outside = outside.arg_true()
    first = int(last_outside[-1]) + 1 if len(last_outside) else 0
    return epoch.slice(first)


def _step(metric: Metric, moved: Mapping[str, Any]) -> str:
    side = "higher" if moved["change"] > 0 else "lower"
    size = difference(metric, abs(moved["change"]), metric.decimals + 1).removeprefix("+")
    noise = number(moved["noise"], metric.decimals + 1)
    return (
        f"{metric.label}: last four weeks {size} {side} than the four before, "
        f"{moved['word']} (noise ± {noise})"
    )
