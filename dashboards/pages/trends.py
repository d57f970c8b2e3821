"""Trends: every metric that has data, each over the glute dose of the same weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import Empty
from carryover.charts.trend import trend
from carryover.charts.words import day_text
from carryover.estimate.symmetry import MIDDLE
from carryover.metrics import metrics
from dashboards.baseline import fit_words
from dashboards.changes import change_line, reasons
from dashboards.form import is_adjusted, known_metrics, metric_runs, origins_of, weekly
from dashboards.left_right import side_words
from dashboards.pages.run import run_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from carryover.metrics import Metric
    from dashboards.model import Page, View

SPAN: Final = timedelta(weeks=104)
"""The page looks back two years: enough for every model, small enough for a phone."""
FRESH: Final = timedelta(weeks=4)
LOUDEST: Final = ("beyond MDC", "likely", "within noise")


def pages(view: View) -> Iterator[Page]:
    """Yield the page of trends."""
    runs = view.mine("runs")
    since = _first_day(view, runs)
    recent = runs.filter(pl.col("local_date") >= since)
    told = _Told(view, recent, since)
    yield view.page(
        "trends.html", "trends.html", "Trends", "Trends",
        trends=[told.of(m) for m in known_metrics(recent)], moved=_moved(told.moved),
        nothing=Empty(
            "No run of the last two years carries a form metric.",
            "Drop FIT files of runs into data/raw, then run `carryover nightly`.",
        ),
    )  # fmt: skip


def _first_day(view: View, runs: pl.DataFrame) -> date:
    earliest = view.today - SPAN
    known = runs.filter(pl.col("local_date") >= earliest)["local_date"].sort()
    return known[0] if len(known) else earliest


def _moved(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what moved in the last four weeks, the loudest word first, and what cannot be told.

    A sensor that has not been worn for four weeks is not news.
    """
    newest = max((row["local_date"] for row in rows.values()), default=None)
    fresh = [
        (m, rows[m.name]) for m in metrics().values()
        if m.name in rows and newest - rows[m.name]["local_date"] <= FRESH
    ]  # fmt: skip
    told = [(m, row) for m, row in fresh if row["word"]]
    loud = sorted(told, key=lambda pair: LOUDEST.index(pair[1]["word"]))
    return {
        "day": day_text(newest) if newest else "",
        "rows": [
            change_line(m, row) | {
                "value": m.text(row["value"]), "n1": str(row["n1"]), "n2": str(row["n2"]),
            }
            for m, row in loud
        ],
        "capped": any(not row["knows_wander"] for _, row in told),
        "untold": reasons((m, row["reason"]) for m, row in fresh),
    }  # fmt: skip


class _Told:
    """What every trend of one athlete shares."""

    def __init__(self, view: View, runs: pl.DataFrame, since: date) -> None:
        self.runs = runs
        self.links = run_paths(runs)
        self.changes = view.mine("run_changes")
        self.moved = {row["metric"]: row for row in view.mine("weeks_changes").to_dicts()}
        self.sensors = view.mine("sensors")
        self.origins = view.mine("origins")
        self.sides = view.mine("sides")
        self.baselines = view.mine("baselines")
        self.weeks = view.mine("form_weeks").filter(pl.col("week_start") >= since)
        self.dose = view.mine("dose_weeks", since=since)

    def of(self, metric: Metric) -> dict[str, Any]:
        """Return one metric's figure and where its values come from."""
        dots = metric_runs(self.runs, self.changes, metric.name)
        linked = dots.join(self.links, on="run_id", how="left", maintain_order="left")
        drawn = "At reference speed, on the level." if is_adjusted(self.runs, metric.name) else ""
        epoch = dots.drop_nulls("value")["sensor_epoch"]
        origin = origins_of(self.origins, epoch, metric.name)
        weeks = weekly(self.weeks, metric.name)
        middle = MIDDLE.get(metric.name)
        figure = trend(
            metric,
            linked,
            weeks,
            self.dose,
            drawn=drawn,
            sensors=self.sensors,
            middle=middle,
            moved=self.moved.get(metric.name),
        )
        newest = epoch[0] if len(epoch) else None
        return {
            "metric": metric, "figure": figure, "origin": origin,
            "side": self._side(newest if middle is not None else None),
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
