"""Plans as the tables that models start from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from carryover.plan.model import Plan

PLAN: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "made_on_date": pl.Date(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "wanted_half": pl.Float64(),
    "expected_weeks": pl.Int32(),
    "is_randomised": pl.Boolean(),
    "is_intact": pl.Boolean(),
    "is_drawn": pl.Boolean(),
}
"""Grain: one athlete's plan; `is_drawn`: it was drawn by lot before it began, and is unchanged."""

PLAN_WEEK: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "week_start": pl.Date(),
    "block": pl.Int32(),
    "state": pl.String(),
    "planned_sessions": pl.Int32(),
}
"""Grain: athlete × week of a plan."""


def plan_frames(plans: Iterable[Plan]) -> dict[str, pl.DataFrame]:
    """Return `plan_data` (PLAN) and `plan_week_data` (PLAN_WEEK)."""
    held = list(plans)
    told = [
        (p.athlete_id, p.made_on, p.metric, p.outcome, p.half, p.weeks, p.randomised, p.intact,
         p.is_drawn)
        for p in held
    ]  # fmt: skip
    weeks = [
        (p.athlete_id, w.monday, w.block, w.state, w.sessions) for p in held for w in p.weeks_of()
    ]
    return {
        "plan_data": pl.DataFrame(told, schema=PLAN, orient="row"),
        "plan_week_data": pl.DataFrame(weeks, schema=PLAN_WEEK, orient="row"),
    }
