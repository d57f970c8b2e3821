"""Runs: a table of all of them, the newest first, in pages of a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import day_text, number
from carryover.metrics import metric
from carryover.units import duration_text, pace_text
from dashboards.form import Computed, known_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from dashboards.model import Page, View

PAGE_ROWS: Final = 1000
SHOWN: Final = ("stance_time_ms", "cadence_spm", "stance_time_balance_pct")


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of form in words, and whether the watch computed it."""

    value: str
    computed: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A run in words; a template finds attributes of a thousand rows sooner than keys."""

    href: str
    day: str
    name: str
    kind: str
    why: str
    km: str
    moving: str
    pace: str
    heart: str
    form: list[_Value]


def pages(view: View) -> Iterator[Page]:
    """Yield the table of runs, in as many pages as it needs."""
    runs = view.mine("runs")
    known = {m.name for m in known_metrics(runs)}
    computed = Computed(view.mine("origins"))
    shown = [metric(name) for name in SHOWN if name in known]
    n_pages = max(1, -(-len(runs) // PAGE_ROWS))
    for index in range(n_pages):
        part = runs.slice(index * PAGE_ROWS, PAGE_ROWS)
        yield view.page(
            _path(index), "runs.html", "Runs", "Runs",
            shown=shown, n_runs=len(runs),
            computed=any(computed.has(epoch, m.name) for epoch in part["sensor_epoch"].unique()
                         for m in shown),
            rows=[_row(row, [m.name for m in shown], computed)
                  for row in part.iter_rows(named=True)],
            newer=_path(index - 1) if index > 0 else "",
            older=_path(index + 1) if index + 1 < n_pages else "",
            span=_span(part),
        )  # fmt: skip


def plainly_easy(row: dict[str, Any]) -> bool:
    """Return whether nothing marks a run: a list need not say so in each of its lines."""
    return bool(row["kind"] == "easy" and row["kind_by"] == "data")


def _path(index: int) -> str:
    return "runs.html" if index == 0 else f"runs-{index + 1}.html"


def _span(part: pl.DataFrame) -> str:
    if part.is_empty():
        return ""
    return f"{day_text(part['local_date'][-1])} to {day_text(part['local_date'][0])}"


def _row(row: dict[str, Any], names: list[str], computed: Computed) -> _Row:
    return _Row(
        href=row["href"], day=day_text(row["local_date"]), name=row["name"] or "",
        kind=row["kind"] or "", why="" if plainly_easy(row) else row["kind_reason"] or "",
        km=number(row["distance_m"] / 1000.0 if row["distance_m"] else None, 1),
        moving=duration_text(row["moving_s"]), pace=pace_text(row["avg_speed_mps"]),
        heart=number(row["avg_heart_rate_bpm"]),
        form=[
            _Value(
                number(row.get(name), metric(name).decimals),
                row.get(name) is not None and computed.has(row["sensor_epoch"], name),
            )
            for name in names
        ],
    )  # fmt: skip
