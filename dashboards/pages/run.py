"""One page a run, for every run: trace, values with coverage and origin, drift, laps, sources.

A page that stands and shows what a new one would is kept; the others are made in groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.charts.over_the_run import over_the_run
from carryover.charts.run_trace import Window, panels, run_trace
from carryover.charts.words import day_text
from carryover.estimate import windows
from carryover.metrics import metrics
from dashboards import run_words as words
from dashboards.form import ORIGIN_WORDS, Computed, known_metrics, metric_runs
from dashboards.left_right import lines
from dashboards.model import Page, by_run
from dashboards.run_map import run_map
from dashboards.run_shown import shown, told_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.charts.base import Drawing
    from dashboards.model import View
    from dashboards.run_shown import Told

GROUP: Final = 64
"""Runs that are asked for at once: their seconds are held in memory together."""


@dataclass(frozen=True, slots=True)
class _One:
    """One run: its row, its rows of each query about runs, and its means and seconds."""

    row: dict[str, Any]
    parts: dict[str, pl.DataFrame]
    values: dict[str, dict[str, Any]]
    trace: pl.DataFrame
    seconds: pl.DataFrame


def pages(view: View) -> Iterator[Page]:
    """Yield the pages of all runs, newest first."""
    told = told_of(view)
    links = links_of(view, told.runs)
    stays = view.ledger.settle(shown(told, links, repr((view.people, view.maps))))
    computed = Computed(told.origins)
    for start in range(0, len(links), GROUP):
        rows = links.slice(start, GROUP)
        new = [r["run_id"] for r in rows.iter_rows(named=True) if r["path"] not in stays]
        made = _group(view, told, new)
        for link in rows.iter_rows(named=True):
            one = made.get(link["run_id"])
            yield (
                Page(link["path"], "run.html", "", None, view.person, "Runs") if one is None
                else _page(view, told, computed, link, one)
            )  # fmt: skip


def links_of(view: View, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the place in the site of each run's page, and the runs after and before it."""
    href = pl.col("href")
    return runs.select(
        "run_id", path=pl.lit(view.person.folder) + href,
        newer=href.shift(1, fill_value=""), older=href.shift(-1, fill_value=""),
    )  # fmt: skip


def _group(view: View, told: Told, run_ids: list[str]) -> dict[str, _One]:
    """Return what is known of several runs, their seconds with it."""
    if not run_ids:
        return {}
    mine = {name: _of(rows, run_ids) for name, rows in {"runs": told.runs, **told.parts}.items()}
    runs = mine.pop("runs")
    parts = {name: by_run(rows, run_ids) for name, rows in mine.items()}
    values = {
        m.name: metric_runs(runs, mine["run_changes"], m.name).rows_by_key(
            "run_id", named=True, unique=True
        )
        for m in known_metrics(runs)
    }
    traces = view.by_run("run_trace", run_ids, stretch_s=threshold("bin_s"))
    seconds = view.by_run("run_seconds", run_ids)
    return {
        row["run_id"]: _One(
            row, {name: part[row["run_id"]] for name, part in parts.items()},
            {name: rows[row["run_id"]] for name, rows in values.items()},
            traces[row["run_id"]], seconds[row["run_id"]],
        )
        for row in runs.iter_rows(named=True)
    }  # fmt: skip


def _of(rows: pl.DataFrame, run_ids: list[str]) -> pl.DataFrame:
    return rows.filter(pl.col("run_id").is_in(run_ids))


def _page(view: View, told: Told, computed: Computed, link: dict[str, str], one: _One) -> Page:
    row, epoch, parts = one.row, one.row["sensor_epoch"], one.parts
    drift = parts["run_drift"]
    judged = bool(drift["eligible"].any())
    data = {
        "facts": words.facts_of(row), "name": row["name"] or "", "kind": words.kind_words(row),
        "trace": run_trace(
            one.trace, _windows(row["moving_s"] or 0.0) if judged else (), one.seconds
        ),
        "traced": _traced(row, computed), "over": _over(parts, computed.names(epoch)),
        "map": run_map(view, row["run_id"]),
        "values": words.values_of(row, one.values, computed),
        "untold": words.untold(row, one.values),
        "drifts": words.drifts_of(drift, parts["run_changes"], epoch, computed),
        "steady": words.steady_words(parts["run_steady"]),
        "excluded": words.excluded(parts["run_exclusions"]),
        "sides": lines(parts["run_symmetry"], told.noise),
        "has_contact": row.get("stance_time_ms") is not None,
        "sources": words.sources_of(parts["run_sources"]),
        "laps": words.laps_of(parts["run_laps"]),
        "newer": link["newer"], "older": link["older"],
    }  # fmt: skip
    return Page(link["path"], "run.html", day_text(row["local_date"]), data, view.person, "Runs")


def _over(parts: dict[str, pl.DataFrame], computed: frozenset[str]) -> Drawing:
    """Return the figure of the run's tenths, or why they cannot be told."""
    told = parts["run_drift"].select("metric", "reason").iter_rows()
    reasons = {name: why for name, why in told if why}
    first = next((name for name in metrics() if name in reasons), "")
    return over_the_run(
        parts["run_pattern"],
        parts["run_onset"],
        computed=computed,
        decoupled=threshold("decoupling_onset_ratio"),
        reason=reasons.get(first, ""),
    )


def _traced(row: dict[str, Any], computed: Computed) -> str:
    """Say which lines of the trace are no measurement; empty where all are."""
    names = [
        panel.label for panel in panels()
        if computed.has(row["sensor_epoch"], panel.column) and row.get(panel.column) is not None
    ]  # fmt: skip
    return f"{', '.join(names)}: {ORIGIN_WORDS['computed']}." if names else ""


def _windows(moving_s: float) -> tuple[Window, Window]:
    start = max(windows.EARLY_FROM * moving_s, windows.EARLY_AFTER_S)
    return (
        Window("early", start, max(start, windows.EARLY_TO * moving_s)),
        Window("late", windows.LATE_FROM * moving_s, moving_s - windows.LATE_SPARE_S),
    )
