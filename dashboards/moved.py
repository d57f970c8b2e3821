"""What moved: the last four weeks against the four before, the loudest word first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import day_text
from carryover.metrics import metrics
from dashboards.changes import change_line, reasons

if TYPE_CHECKING:
    import polars as pl

FRESH: Final = timedelta(weeks=4)
"""A sensor that has not been worn for so long is not news."""
LOUDEST: Final = ("beyond MDC", "likely", "within noise")


def moved(changes: pl.DataFrame) -> dict[str, Any]:
    """Return the rows of a table, whether their words are capped, and what cannot be compared.

    `changes`: rows of the query weeks_changes, one a metric.
    """
    known = {row["metric"]: row for row in changes.to_dicts()}
    newest = max((row["local_date"] for row in known.values()), default=None)
    fresh = [
        (m, known[m.name]) for m in metrics().values()
        if m.name in known and newest - known[m.name]["local_date"] <= FRESH
    ]  # fmt: skip
    told = [(m, row) for m, row in fresh if row["word"]]
    loud = sorted(told, key=lambda pair: _loudness(pair[1]["word"]))
    return {
        "day": day_text(newest) if newest else "",
        "rows": [
            change_line(m, row)
            | {"value": m.text(row["value"]), "n1": str(row["n1"]), "n2": str(row["n2"])}
            for m, row in loud
        ],
        "capped": any(not row["knows_wander"] for _, row in told),
        "untold": reasons((m, row["reason"]) for m, row in fresh),
    }


def _loudness(word: str) -> int:
    return LOUDEST.index(word) if word in LOUDEST else len(LOUDEST)
