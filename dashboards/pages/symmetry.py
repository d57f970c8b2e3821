"""Symmetry: contact balance over time and by condition, and left and right in the gym beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.balance_condition import balance_condition
from carryover.charts.balance_history import NO_BALANCE, balance_history
from carryover.charts.contact_sides import contact_sides
from carryover.estimate.local_mean import mean_of
from carryover.metrics import metric
from dashboards.balance import (
    condition_lines,
    drift_fact,
    facts,
    finding,
    longer_side,
    recent_of,
    worn_words,
    zone_fact,
)
from dashboards.form import metric_runs, weekly
from dashboards.gym_sides import gym_sides
from dashboards.left_right import BALANCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from carryover.charts.base import Drawing
    from carryover.estimate.local_mean import Mean
    from dashboards.model import Page, View

EDGE: Final = timedelta(days=5)
"""Room around the first and the last dot."""
BOTH: Final = ("left", "right")
EVEN: Final = 50.0


def pages(view: View) -> Iterator[Page]:
    """Yield the page of symmetry; without balance it says which sensors tell it."""
    sides = view.mine("symmetry_sides")
    told: dict[str, Any] = {
        "history": NO_BALANCE, "facts": [], "worn": "", "several": False, "feet": None,
        "conditions": None, "lines": [], "longer": None,
    } | (_told(view, sides) if len(sides) else {})  # fmt: skip
    yield view.page(
        "symmetry.html", "symmetry.html", "Symmetry", "Symmetry",
        **told, gym=gym_sides(view, told["longer"]),
    )  # fmt: skip


def _told(view: View, sides: pl.DataFrame) -> dict[str, Any]:
    """Return what the sensor tells that was worn last, and the history of all."""
    newest = sides.row(0, named=True)
    runs = view.mine("symmetry_runs", sensor_epoch=newest["sensor_epoch"])
    classes = view.mine("symmetry_conditions", sensor_epoch=newest["sensor_epoch"])
    every = metric_runs(view.mine("runs"), view.mine("run_changes"), BALANCE)
    late = recent_of(runs)
    recent = every.filter(pl.col("run_id").is_in(late["run_id"].to_list()))
    level = mean_of(recent["value"])
    worth = metric(BALANCE).smallest_change(EVEN)
    return {
        "history": _history(view, every, sides, level, recent["value"].count()),
        "facts": [*facts(newest, late), drift_fact(runs), zone_fact(late)],
        "worn": worn_words(newest), "several": len(sides) > 1,
        "feet": _feet(view),
        "conditions": balance_condition(classes, worth), "lines": condition_lines(classes),
        "longer": longer_side(level),
    }  # fmt: skip


def _history(
    view: View, every: pl.DataFrame, sides: pl.DataFrame, level: Mean | None, n: int
) -> Drawing:
    known = every.drop_nulls("value").join(
        view.links(), on="run_id", how="left", maintain_order="left"
    )
    if known.is_empty():
        return NO_BALANCE
    since: date = known.sort("local_date")["local_date"][0] - EDGE
    bands = sides.lazy().with_columns(mean=pl.col("mean_pct"), half=pl.col("mdc95")).collect()
    return balance_history(
        known, view.mine("dose_weeks", since=since), view.mine("sided_weeks", since=since), bands,
        since=since, until=view.today + EDGE, sensors=view.mine("sensors"),
        finding=finding(level, n),
    )  # fmt: skip


def _feet(view: View) -> Drawing:
    weeks = view.mine("form_weeks")
    return contact_sides({side: weekly(weeks, f"stance_time_{side}_ms") for side in BOTH})
