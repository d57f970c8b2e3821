"""The title of a trend: since when the metric is within its own noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import difference
from carryover.charts.words import month_text, number, plural

if TYPE_CHECKING:
    from datetime import date

    from carryover.metrics import Metric

SETTLED_WEEKS: Final = 4
"""So many weeks within noise make a level; fewer, and the last step is told instead."""
BEFORE_WEEKS: Final = 8
"""The span that a step is held against."""


def trend_finding(metric: Metric, weeks: pl.DataFrame) -> str:
    """Say what the weekly values of one metric show, against their noise.

    `weeks`: week_start, value, mdc95, sensor_epoch, oldest first; only the newest sensor
    epoch is looked at, for levels of two sensors cannot be compared.
    """
    known = weeks.drop_nulls("value")
    if known.is_empty():
        return f"{metric.label}: no weekly value yet"
    newest = known.row(-1, named=True)
    epoch = known.filter(pl.col("sensor_epoch").eq_missing(newest["sensor_epoch"]))
    if newest["mdc95"] is None:
        return f"{metric.label}: {metric.text(newest['value'])}, noise not known yet"
    quiet = _quiet_weeks(epoch, newest)
    if len(quiet) >= SETTLED_WEEKS or len(quiet) == len(epoch):
        return _settled(metric, quiet, len(epoch))
    before = epoch.head(len(epoch) - len(quiet)).tail(BEFORE_WEEKS)
    return _step(metric, newest, before)


def _quiet_weeks(epoch: pl.DataFrame, newest: dict[str, Any]) -> pl.DataFrame:
    """Return the unbroken run of newest weeks that lie within noise of the newest value."""
    outside = (epoch["value"] - newest["value"]).abs() > newest["mdc95"]
    last_outside = outside.arg_true()
    first = int(last_outside[-1]) + 1 if len(last_outside) else 0
    return epoch.slice(first)


def _settled(metric: Metric, quiet: pl.DataFrame, n_epoch: int) -> str:
    since: date = quiet["week_start"][0]
    now: date = quiet["week_start"][-1]
    if len(quiet) < SETTLED_WEEKS:
        return (
            f"{metric.label}: {metric.text(quiet['value'][-1])}, {plural(n_epoch, 'week')} so far"
        )
    return f"{metric.label}: within noise since {month_text(since, now)}"


def _step(metric: Metric, newest: dict[str, Any], before: pl.DataFrame) -> str:
    change = newest["value"] - before["value"].mean()
    side = "higher" if change > 0 else "lower"
    size = difference(metric, abs(change), metric.decimals).removeprefix("+")
    noise = number(newest["mdc95"], metric.decimals)
    weeks = plural(len(before), "week")
    return f"{metric.label}: {size} {side} than in the {weeks} before (noise ± {noise})"
