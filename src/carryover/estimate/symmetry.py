"""The side of an athlete's imbalance: read once from an early stretch of a sensor, then fixed.

The mean of |balance − 50| grows with noise alone, so nothing is folded: a run's score is
s·(balance − 50), s the side that the athlete had in a baseline period. Two sensors can disagree on
the side, so each sensor epoch has its own period and its own side.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.catalogue.thresholds import threshold
from carryover.estimate import dose, run_frames
from carryover.estimate.tails import t_reach

if TYPE_CHECKING:
    from datetime import date

    from carryover.estimate.slopes import Floats

BALANCE: Final = "stance_time_balance_pct"
MIDDLE: Final = {BALANCE: 50.0, "symmetry_index_pct": 0.0}
"""Metrics whose level has a middle, and where it lies (metric's unit); both rise to the left."""
MIN_RUNS: Final = round(threshold("side_min_runs"))
FIRST: Final = timedelta(days=threshold("side_first_d"))
MAX_LAG_1: Final = 0.9
"""House rule: a stronger correlation is not learnt from so few runs."""
BEFORE: Final = "before the first strength session"
EARLIEST: Final = "first weeks of this sensor"


@dataclass(frozen=True, slots=True)
class Side:
    """Where a sensor epoch's baseline lies; mean and se in the metric's unit, None without runs.

    `side` is left, right or None, then with a `reason`; `period` says which runs were taken.
    """

    side: str | None
    period: str
    from_date: date | None
    to_date: date | None
    n_runs: int
    before_exposure: bool
    mean: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    reason: str | None = None


def baseline_side(
    outcomes: pl.DataFrame, runs: pl.DataFrame, sessions: pl.DataFrame
) -> pl.DataFrame:
    """Return BASELINE_SIDE from the levels of contact balance at reference speed, % left.

    `outcomes`: run_id, metric, outcome, y; `runs`: run_id, athlete_id, sensor_epoch, local_date;
    `sessions` SESSION_DOSE.
    """
    told = outcomes.filter(
        pl.col("metric") == BALANCE, pl.col("outcome") == "level", pl.col("y").is_finite()
    ).select("run_id", "y")
    levels = told.join(
        runs.select("run_id", "athlete_id", "sensor_epoch", "local_date"),
        on="run_id",
        maintain_order="left",
    )
    started = dict(
        dose.counted(sessions)
        .group_by("athlete_id", maintain_order=True)
        .agg(pl.col("local_date").min())
        .iter_rows()
    )
    key = ["athlete_id", "sensor_epoch"]
    rows = [
        dict(zip(key, named, strict=True))
        | _row(side_of(group, MIDDLE[BALANCE], started.get(str(named[0]))))
        for named, group in levels.sort(*key).group_by(*key, maintain_order=True)
    ]
    if not rows:
        return columns.empty(run_frames.BASELINE_SIDE)
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return columns.shaped(frame, run_frames.BASELINE_SIDE)


def side_of(levels: pl.DataFrame, middle: float, started_on: date | None) -> Side:
    """Return the baseline side of one sensor epoch; `levels` has local_date and y.

    The period is fixed as soon as it is over: the runs before the first strength session where
    there are enough, else the sensor's first six weeks, or its first runs if these are fewer.
    """
    taken, period = _period(levels.drop_nulls("y").sort("local_date"), started_on)
    if taken.is_empty():
        return Side(None, period, None, None, 0, before_exposure=True, reason=_too_few(0))
    first, last = taken["local_date"][0], taken["local_date"][-1]
    exposed = started_on is not None and started_on <= last
    base = Side(None, period, first, last, taken.height, before_exposure=not exposed)
    if taken.height < MIN_RUNS:
        return replace(base, reason=_too_few(taken.height))
    values = taken["y"].to_numpy()
    mean, se, half = mean_of_runs(values)
    side = "left" if mean - half > middle else "right" if mean + half < middle else None
    reason = None if side else f"{mean:.2f} ± {half:.2f} in {taken.height} runs cannot be told from"
    return replace(
        base, side=side, mean=mean, se=se, ci_low=mean - half, ci_high=mean + half,
        reason=f"{reason} {middle:.0f}" if reason else None,
    )  # fmt: skip


def shared_side(levels: pl.DataFrame, middle: float, started_on: date | None) -> str | None:
    """Return the side that all sensor epochs with a side share; None without one.

    `levels` has local_date, sensor_epoch and y.
    """
    epochs = levels.partition_by("sensor_epoch")
    sides = {side_of(epoch, middle, started_on).side for epoch in epochs} - {None}
    return sides.pop() if len(sides) == 1 else None


def _period(levels: pl.DataFrame, started_on: date | None) -> tuple[pl.DataFrame, str]:
    if started_on is not None:
        before = levels.filter(pl.col("local_date") < started_on)
        if before.height >= MIN_RUNS:
            return before, BEFORE
    if levels.is_empty():
        return levels, EARLIEST
    early = levels.filter(pl.col("local_date") < levels["local_date"][0] + FIRST)
    return levels.head(max(early.height, MIN_RUNS)), EARLIEST


def mean_of_runs(values: Floats) -> tuple[float, float, float]:
    """Return mean, standard error and 95 % half-width of runs that may resemble their neighbours.

    Runs correlated by φ from one to the next tell as much as n·(1 − φ)/(1 + φ) free ones.
    """
    centred = values - values.mean()
    total = float(centred @ centred)
    lag_1 = float(centred[1:] @ centred[:-1]) / total if total > 0 else 0.0
    lag_1 = min(max(lag_1, 0.0), MAX_LAG_1)
    free = max(values.size * (1.0 - lag_1) / (1.0 + lag_1), 2.0)
    se = float(values.std(ddof=1)) / float(np.sqrt(free))
    half = t_reach(free - 1.0) * se
    return float(values.mean()), se, half


def _too_few(n: int) -> str:
    runs = "run" if n == 1 else "runs"
    return f"{n} {runs} with balance at reference speed so far; {MIN_RUNS} are needed"


def _row(side: Side) -> dict[str, object]:
    named = {"side": "baseline_side", "mean": "mean_pct", "se": "se_pct", "ci_low": "ci_low_pct",
             "ci_high": "ci_high_pct"}  # fmt: skip
    return {named.get(name, name): value for name, value in asdict(side).items()}
