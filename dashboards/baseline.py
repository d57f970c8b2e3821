"""The fit behind values at reference speed in words: what pace and hills do, how well known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carryover.charts.base import difference_unit
from carryover.charts.words import grouped, number, plural

if TYPE_CHECKING:
    from carryover.metrics import Metric


def fit_words(metric: Metric, row: dict[str, Any]) -> str:
    """Return one fit of `form_baseline` as a sentence, or why there is none."""
    if not row["usable"]:
        return f"Not adjusted for pace and hills with the newest sensor: {row['reason']}."
    digits = metric.decimals + 1
    slope, se, up, down = (
        number(row[name], digits, signed=name != "speed_slope_se")
        for name in ("speed_slope", "speed_slope_se", "up_slope", "down_slope")
    )
    unit = difference_unit(metric)
    rest = f"{grouped(row['n_bins'])} two-minute stretches of {plural(row['n_runs'], 'run')}"
    share = row["r2_within"]
    explained = f"; {number(100 * share)} % of what changes within a run" if share else ""
    return (
        f"With the newest sensor a m/s faster is {slope} ± {se} {unit}, a % uphill {up}, "
        f"a % downhill {down} (from {rest}{explained})."
    )
