"""The newest run as strips: each value against the athlete's own band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from carryover.charts.base import difference
from carryover.charts.usual_strip import Strip
from carryover.charts.words import number
from carryover.metrics import metric
from dashboards.form import changes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carryover.metrics import Metric


def strips(
    told: Iterable[tuple[Metric, dict[str, Any]]], moved: pl.DataFrame, drifting: str
) -> list[Strip]:
    """Return a strip for each value that has a band, the late-run drift of one metric last.

    `told`: metrics with their rows of `metric_runs`; `moved`: the run's rows of `run_change`.
    """
    found = [_level(known, row) for known, row in told if _has_band(row)]
    drifts = changes_of(moved, "decay", "usual before").filter(pl.col("metric") == drifting)
    return found + [_drift(metric(drifting), row) for row in drifts.to_dicts() if _has_band(row)]


def _has_band(row: dict[str, Any]) -> bool:
    return row["word"] is not None and bool(row["noise"])


def _level(known: Metric, row: dict[str, Any]) -> Strip:
    low, high = (row["reference"] + sign * row["noise"] for sign in (-1, 1))
    return Strip(
        known.label, known.text(row["value"]), number(low, known.decimals),
        number(high, known.decimals), row["word"], row["change"] / row["noise"], row["n2"],
    )  # fmt: skip


def _drift(known: Metric, row: dict[str, Any]) -> Strip:
    low, high = (row["reference"] + sign * row["noise"] for sign in (-1, 1))
    return Strip(
        "Late-run drift", difference(known, row["reference"] + row["change"], known.decimals),
        number(low, known.decimals, signed=True), number(high, known.decimals, signed=True),
        row["word"], row["change"] / row["noise"], row["n2"], is_drift=True,
    )  # fmt: skip
