"""Trends: every metric that has data, each over the glute dose of the same weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import Empty
from carryover.charts.trend import trend
from carryover.estimate.symmetry import MIDDLE
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


def pages(view: View) -> Iterator[Page]:
    """Yield the page of trends."""
    runs = view.mine("runs")
    since = _first_day(view, runs)
    recent = runs.filter(pl.col("local_date") >= since)
    told = _Told(view, recent, since)
    yield view.page(
        "trends.html", "trends.html", "Trends", "Trends",
        trends=[told.of(m) for m in known_metrics(recent)],
        nothing=Empty(
            "No run of the last two years carries a form metric.",
            "Drop FIT files of runs into data/raw, then run `carryover nightly`.",
        ),
    )  # fmt: skip


def _first_day(view: View, runs: pl.DataFrame) -> date:
    earliest = view.today - SPAN
    known = runs.filter(pl.col("local_date") >= earliest)["local_date"].sort()
    return known[0] if len(known) else earliest


class _Told:
    """What every trend of one athlete shares."""

    def __init__(self, view: View, runs: pl.DataFrame, since: date) -> None:
        self.runs = runs
        self.links = run_paths(runs)
        self.noise = view.mine("noise")
        self.sensors = view.mine("sensors")
        self.origins = view.mine("origins")
        self.sides = view.mine("sides")
        self.weeks = view.mine("form_weeks").filter(pl.col("week_start") >= since)
        self.dose = view.mine("dose_weeks", since=since)

    def of(self, metric: Metric) -> dict[str, Any]:
        """Return one metric's figure and where its values come from."""
        dots = metric_runs(self.runs, self.noise, metric.name)
        linked = dots.join(self.links, on="run_id", how="left", maintain_order="left")
        drawn = "At reference speed, on the level." if is_adjusted(self.runs, metric.name) else ""
        epoch = dots.drop_nulls("value")["sensor_epoch"]
        origin = origins_of(self.origins, epoch, metric.name)
        weeks = weekly(self.weeks, metric.name)
        middle = MIDDLE.get(metric.name)
        figure = trend(
            metric, linked, weeks, self.dose, drawn=drawn, sensors=self.sensors, middle=middle
        )
        newest = epoch[0] if middle is not None and len(epoch) else None
        return {
            "metric": metric, "figure": figure, "origin": origin, "side": self._side(newest),
        }  # fmt: skip

    def _side(self, epoch: str | None) -> str:
        """Return the side that balance is told from with the newest sensor; else nothing."""
        own = self.sides.filter(sensor_epoch=epoch) if epoch else self.sides.clear()
        return side_words(own.row(0, named=True)) if len(own) else ""
