"""One page a run, for every run: trace, values with coverage and origin, drift, laps, sources.

Runs are asked for in groups, and a page that stands and rests on the same rows is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
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
from dashboards.run_links import run_paths
from dashboards.run_map import run_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.charts.base import Drawing
    from dashboards.model import Page, View

GROUP: Final = 64
"""Runs that are asked for at once: their seconds are held in memory together."""
PARTS: Final = (
    "run_drift", "run_pattern", "run_onset", "run_steady", "run_exclusions", "run_symmetry",
    "run_sources", "run_laps",
)  # fmt: skip
"""Queries that tell of a run in few rows; with the run's own row they make the page's key."""


@dataclass(frozen=True, slots=True)
class _All:
    """What the pages of all runs of an athlete share."""

    runs: pl.DataFrame
    hrefs: list[str]
    values: dict[str, pl.DataFrame]
    changes: dict[tuple[object, ...], pl.DataFrame]
    no_change: pl.DataFrame
    noise: pl.DataFrame
    computed: Computed
    by_sensor: dict[str | None, str]
    """What is known of each sensor, for the keys of its runs' pages."""


def pages(view: View) -> Iterator[Page]:
    """Yield the pages of all runs, newest first."""
    runs, changes = view.mine("runs"), view.mine("run_changes")
    noise, origins = view.mine("noise"), view.mine("origins")
    every = _All(
        runs,
        run_paths(runs)["href"].to_list(),
        {m.name: metric_runs(runs, changes, m.name) for m in known_metrics(runs)},
        changes.partition_by("run_id", as_dict=True),
        changes.clear(),
        noise,
        Computed(origins),
        _by_sensor(runs, noise, origins),
    )
    for start in range(0, len(runs), GROUP):
        yield from _group(view, every, start)


def _by_sensor(
    runs: pl.DataFrame, noise: pl.DataFrame, origins: pl.DataFrame
) -> dict[str | None, str]:
    """Return noise and origins of each sensor's metrics as text."""
    epochs = runs["sensor_epoch"].unique().to_list()
    same = {epoch: pl.col("sensor_epoch").eq_missing(pl.lit(epoch)) for epoch in epochs}
    return {
        epoch: repr(_firm([noise.filter(own).rows(), origins.filter(own).rows()]))
        for epoch, own in same.items()
    }


def _group(view: View, every: _All, start: int) -> Iterator[Page]:
    """Yield the pages of one group; the seconds are read only of runs whose page is made."""
    rows = every.runs.slice(start, GROUP)
    ids = rows["run_id"].to_list()
    parts = {name: view.by_run(name, ids) for name in PARTS}
    told = [
        _Told(view, every, start + k, row, {n: parts[n][row["run_id"]] for n in PARTS})
        for k, row in enumerate(rows.iter_rows(named=True))
    ]
    new = [one.row["run_id"] for one in told if not one.stands]
    traces, seconds = _samples(view, new)
    for one in told:
        run_id = one.row["run_id"]
        yield one.page(traces.get(run_id), seconds.get(run_id))


def _samples(
    view: View, run_ids: list[str]
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    if not run_ids:
        return {}, {}
    stretch_s = threshold("bin_s")
    return (
        view.by_run("run_trace", run_ids, stretch_s=stretch_s),
        view.by_run("run_seconds", run_ids),
    )


NOTHING: Final = pl.DataFrame(schema={"moving_s": pl.Float64})


class _Told:
    """What is known of one run before its seconds are read."""

    def __init__(
        self, view: View, every: _All, index: int, row: dict[str, Any],
        parts: dict[str, pl.DataFrame],
    ) -> None:  # fmt: skip
        self.row, self._view, self._every, self._parts = row, view, every, parts
        self._index, self._path = index, every.hrefs[index]
        self._moved = every.changes.get((row["run_id"],), every.no_change)
        self._key = self._make_key()
        self.stands = view.standing.get(view.person.folder + self._path) == self._key

    def _make_key(self) -> str:
        """Hash what the page is made from; of samples, what their two-minute means come to."""
        told = [
            self._view.people, self._view.maps, self.row, self._newer(), self._older(),
            *(part.rows() for part in self._parts.values()),
            self._moved.rows(), self._every.by_sensor[self.row["sensor_epoch"]],
        ]  # fmt: skip
        return hashlib.sha256(repr(_firm(told)).encode()).hexdigest()[:24]

    def page(self, trace: pl.DataFrame | None, seconds: pl.DataFrame | None) -> Page:
        """Return the page, without data where it stands already."""
        title = day_text(self.row["local_date"])
        made = self._view.page(self._path, "run.html", title, "Runs", **(
            {} if self.stands else self._data(trace, seconds)
        ))  # fmt: skip
        return replace(made, key=self._key, data=None if self.stands else made.data)

    def _data(self, trace: pl.DataFrame | None, seconds: pl.DataFrame | None) -> dict[str, object]:
        row, every, epoch = self.row, self._every, self.row["sensor_epoch"]
        drift, symmetry = self._parts["run_drift"], self._parts["run_symmetry"]
        values = {n: f.row(self._index, named=True) for n, f in every.values.items()}
        judged = bool(drift["eligible"].any())
        spans = _windows(row["moving_s"] or 0.0) if judged else ()
        return {
            "facts": words.facts_of(row), "name": row["name"] or "",
            "kind": words.kind_words(row),
            "trace": run_trace(NOTHING if trace is None else trace, spans, seconds),
            "traced": _traced(row, every.computed), "over": self._over(),
            "map": run_map(self._view, row["run_id"]),
            "values": words.values_of(row, values, every.computed),
            "untold": words.untold(row, values),
            "drifts": words.drifts_of(drift, self._moved, epoch, every.computed),
            "steady": words.steady_words(self._parts["run_steady"]),
            "excluded": words.excluded(self._parts["run_exclusions"]),
            "sides": lines(symmetry, every.noise),
            "has_contact": row.get("stance_time_ms") is not None,
            "sources": words.sources_of(self._parts["run_sources"]),
            "laps": words.laps_of(self._parts["run_laps"]),
            "newer": self._newer(), "older": self._older(),
        }  # fmt: skip

    def _over(self) -> Drawing:
        """Return the figure of the run's tenths, or why they cannot be told."""
        drift = self._parts["run_drift"]
        reasons = {name: why for name, why in drift.select("metric", "reason").iter_rows() if why}
        first = next((name for name in metrics() if name in reasons), "")
        return over_the_run(
            self._parts["run_pattern"],
            self._parts["run_onset"],
            computed=self._every.computed.names(self.row["sensor_epoch"]),
            decoupled=threshold("decoupling_onset_ratio"),
            reason=reasons.get(first, ""),
        )

    def _newer(self) -> str:
        return self._every.hrefs[self._index - 1] if self._index else ""

    def _older(self) -> str:
        after = self._index + 1
        return self._every.hrefs[after] if after < len(self._every.hrefs) else ""


def _firm(value: Any) -> Any:  # noqa: ANN401 - walks rows of any kind
    """Leave off the last digits, in which sums of parallel threads differ from night to night."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, dict):
        return {key: _firm(inner) for key, inner in value.items()}
    return [_firm(inner) for inner in value] if isinstance(value, list | tuple) else value


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
