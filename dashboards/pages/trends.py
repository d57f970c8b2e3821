"""Trends: every metric that has data, each over the glute dose of the same weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import Empty
from carryover.charts.export import script_json
from carryover.charts.kinds_strip import kinds_strip
from carryover.charts.trend import Told, shared_runs, trend
from carryover.charts.words import plural
from carryover.estimate.symmetry import MIDDLE
from dashboards.baseline import fit_words
from dashboards.form import is_adjusted, known_metrics, metric_runs, origins_of, weekly
from dashboards.left_right import side_words
from dashboards.moved import moved
from dashboards.verdict import primary_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.metrics import Metric
    from dashboards.model import Page, View

EDGE: Final = timedelta(days=3)
"""Room after today, so that the newest dot stands clear of the edge."""
LEAST: Final = timedelta(weeks=4)
"""The shortest time that a trend is drawn over."""
QUIET: Final = "within noise"
TOLD: Final = 3
"""Changes that the summary names."""
FOLDER: Final = "trends"
HEIGHT_PX: Final = 460
FIRST: Final = "stance_time_ms"
"""Drawn first where no verdict names a metric."""


def pages(view: View) -> Iterator[Page]:
    """Yield the page of trends; each metric's values are a file of its own, read when picked."""
    runs = view.mine("runs")
    athlete = _Athlete(view, runs)
    known = known_metrics(runs)
    primary, told = primary_of(view.mine("verdicts")), moved(athlete.weeks_changes)
    page = view.page(
        "trends.html", "trends.html", "Trends", "Trends",
        metrics=[athlete.words(m) for m in known], moved=told, summary=_summary(told),
        first=_first(known, primary["metric"] if primary else FIRST),
        folder=f"{view.person.folder}{FOLDER}/", height=HEIGHT_PX,
        nothing=Empty(
            "No run carries a form metric yet.",
            "Drop FIT files of runs into data/raw, then run `carryover nightly`.",
        ),
    )  # fmt: skip
    yield replace(page, files=_files(view, athlete, runs, known))


def _summary(told: dict[str, Any]) -> str:
    """Say in a sentence what moved in the last weeks; what can be told loudest, first."""
    if not told["rows"]:
        return "Each form metric over time, with the glute dose of the same weeks beneath."
    weeks = f"in the four weeks to {told['day']}"
    loud = [row for row in told["rows"] if row["word"] != QUIET]
    if not loud:
        n = plural(len(told["rows"]), "metric")
        return f"Nothing moved beyond its noise {weeks}: {n} within noise of the four before."
    named = (f"{row['label'].lower()} {row['change']} ({row['word']})" for row in loud[:TOLD])
    said = "; ".join(named)
    more = f"; {len(loud) - TOLD} more" if len(loud) > TOLD else ""
    return f"Moved {weeks}, against the four before: {said}{more}."


def _first(known: list[Metric], wanted: str) -> str:
    names = [m.name for m in known]
    return wanted if wanted in names else next(iter(names), "")


def _files(
    view: View, athlete: _Athlete, runs: pl.DataFrame, known: list[Metric]
) -> dict[str, str]:
    """Return the scripts that hold the values: one for what all metrics share, one a metric."""
    if not known:
        return {}
    strip = kinds_strip(
        view.mine("dose_kinds", since=date.min),
        view.mine("strength_blocks"),
        until=view.today + EDGE,
    )
    span = (min(runs["local_date"][-1] - EDGE, view.today - LEAST), view.today + EDGE)
    shared = {
        "columns": shared_runs(runs), "strip": strip,
        "span": [day.isoformat() for day in span],
    }  # fmt: skip
    told = {"shared": shared} | {m.name: trend(athlete.of(m)) for m in known}
    folder = view.person.folder + FOLDER
    return {f"{folder}/{name}.js": _script(name, part) for name, part in told.items()}


def _script(name: str, part: dict[str, Any]) -> str:
    """Return a file that a page from disk may load: JSON alone may not be."""
    return f"carryoverTrends({script_json(name)},{script_json(part)});\n"


class _Athlete:
    """What every trend of one athlete shares."""

    def __init__(self, view: View, runs: pl.DataFrame) -> None:
        self.runs = runs
        changes = view.mine("run_changes")
        self.told = {m.name: metric_runs(runs, changes, m.name) for m in known_metrics(runs)}
        self.weeks_changes = view.mine("weeks_changes")
        self.moved = {row["metric"]: row for row in self.weeks_changes.to_dicts()}
        self.sensors = view.mine("sensors")
        self.origins = view.mine("origins")
        self.sides = view.mine("sides")
        self.baselines = view.mine("baselines")
        self.weeks = view.mine("form_weeks")

    def of(self, metric: Metric) -> Told:
        """Return what one metric's trend is drawn from."""
        return Told(
            metric,
            self.told[metric.name],
            weekly(self.weeks, metric.name),
            self.sensors,
            middle=MIDDLE.get(metric.name),
            moved=self.moved.get(metric.name),
            adjusted=is_adjusted(self.runs, metric.name),
        )

    def words(self, metric: Metric) -> dict[str, Any]:
        """Return where a metric's values come from and what is known of them."""
        epochs = self.told[metric.name].drop_nulls("value")["sensor_epoch"]
        newest = epochs[0] if len(epochs) else None
        return {
            "metric": metric, "origin": origins_of(self.origins, epochs, metric.name),
            "side": self._side(newest if metric.name in MIDDLE else None),
            "fit": self._fit(metric, newest),
        }  # fmt: skip

    def _fit(self, metric: Metric, epoch: str | None) -> str:
        """Return what pace and hills do to a metric with the newest sensor; empty if not told."""
        own = self.baselines.filter(
            pl.col("sensor_epoch").eq_missing(pl.lit(epoch)) & (pl.col("metric") == metric.name)
        )
        return fit_words(metric, own.row(0, named=True)) if len(own) else ""

    def _side(self, epoch: str | None) -> str:
        """Return the side that balance is told from with the newest sensor; else nothing."""
        own = self.sides.filter(sensor_epoch=epoch) if epoch else self.sides.clear()
        return side_words(own.row(0, named=True)) if len(own) else ""
