"""One athlete's runs beside what came before each: strength dose and running load."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import dose, habit

if TYPE_CHECKING:
    from datetime import date

    from carryover.estimate.slopes import Floats

LOAD_DAYS: Final = (7.0, 42.0)
BURN_IN_TAUS: Final = 2.0
"""Where the log's past is unknown, this many τ after its first session are left out."""


@dataclass(frozen=True, slots=True)
class Log:
    """An athlete's runs and counted sessions on one unbroken calendar from `first` on.

    `runs` has `day`, the days since `first`, beside the loads of the days before;
    `doses` (days,) are daily sums; `started_on` is the first counted session's date. `made` keeps
    what many questions about one log need and only has to be made once.
    """

    exposure: str
    runs: pl.DataFrame
    sessions: pl.DataFrame
    first: date
    doses: Floats
    started_on: date | None
    past_is_empty: bool
    made: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)


def log_of(
    runs: pl.DataFrame,
    sessions: pl.DataFrame,
    *,
    past_is_empty: bool,
    exposure: str = dose.STRENGTH,
) -> Log | None:
    """Return one athlete's log of one exposure; None where there is no run.

    `sessions` SESSION_DOSE; `past_is_empty`: the athlete says that there were no sessions before
    the log.
    """
    if runs.is_empty():
        return None
    return _log_of(runs, sessions, exposure, past_is_empty=past_is_empty)


def another(log: Log, sessions: pl.DataFrame, exposure: str) -> Log:
    """Return the log of another exposure beside the same runs."""
    return _log_of(log.runs, sessions, exposure, past_is_empty=log.past_is_empty)


def _log_of(
    runs: pl.DataFrame, sessions: pl.DataFrame, exposure: str, *, past_is_empty: bool
) -> Log:
    counted = dose.counted(sessions, exposure)
    dates = pl.concat([runs["local_date"], counted["local_date"]]).drop_nulls().sort()
    first, last = dates[0], dates[-1]
    started_on = counted["local_date"].sort()[0] if counted.height else None
    doses = dose.by_day(counted["local_date"], counted["dose"], first, last)
    dated = runs.sort("started_at").with_columns(
        day=(pl.col("local_date") - first).dt.total_days()
    )  # fmt: skip
    return Log(
        exposure, _with_loads(dated, first, last), counted, first, doses, started_on, past_is_empty
    )  # fmt: skip


def exposed(log: Log, tau_d: float) -> pl.DataFrame:
    """Return the runs with `x` (X_τ at the start of the day) and `a48` (48 h before the start)."""
    x = dose.chronic(log.doses, tau_d)
    a48 = dose.acute_48(
        _instants(log.sessions["started_at"]),
        log.sessions["dose"].to_numpy(),
        _instants(log.runs["started_at"]),
        log.sessions["time_known"].to_numpy(),
    )
    return log.runs.with_columns(
        pl.Series("x", x[log.runs["day"].to_numpy()]), pl.Series("a48", a48)
    )


def exposure_known(log: Log, tau_d: float) -> pl.Expr:
    """Return which runs have a known X: all, or those 2τ after the log's first session."""
    if log.past_is_empty or log.started_on is None:
        return pl.lit(value=True)
    return (pl.col("local_date") - log.started_on).dt.total_days() >= BURN_IN_TAUS * tau_d


def weeks(days: pl.Series) -> float:
    """Return the span of some days in weeks, both ends counted; 0 for none."""
    return float(np.ptp(days.to_numpy()) + 1) / dose.DAYS_PER_WEEK if days.len() else 0.0


def n_switches(log: Log, days: pl.Series) -> int:
    """Return how often the habit went on or off between the first and the last of some days."""
    numbers = days.to_numpy()
    return habit.n_switches(log.doses, int(numbers.min()), int(numbers.max()))


def _instants(times: pl.Series) -> dose.Times:
    """Return UTC instants, whatever zone the column is shown in."""
    return times.dt.epoch("us").to_numpy().astype("datetime64[us]")


def _with_loads(runs: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Add load_7 and load_42: weighted means of earlier days, started at the first 42 days' mean.

    Null throughout where no run has a load.
    """
    names = [f"load_{tau:.0f}" for tau in LOAD_DAYS]
    if runs["load"].null_count() == runs.height:
        return runs.with_columns(pl.lit(None, pl.Float64).alias(name) for name in names)
    daily = dose.by_day(runs["local_date"], runs["load"], first, last)
    index = runs["day"].to_numpy()
    start = float(daily[index[0] : index[0] + int(max(LOAD_DAYS))].mean())
    return runs.with_columns(
        pl.Series(name, dose.ewma_load(daily, tau, start)[index])
        for name, tau in zip(names, LOAD_DAYS, strict=True)
    )
