"""One outcome beside one exposure, fitted: what every answer and every check starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import covariance, dose, gate, panel
from carryover.estimate.design import EXPOSURE, Design, design_of

if TYPE_CHECKING:
    from carryover.estimate.candidates import Outcome
    from carryover.estimate.slopes import Floats

DAY_US: Final = 86_400_000_000
MIN_FOR_DESIGN: Final = 3
FROZEN: Final = 1e-9
"""Residuals below this share of the values are rounding."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The model of one question; rows are the runs of `frame`, by time.

    `days` (n,) are instants, days since the epoch; `fit` has all covariates, `raw` none;
    `null` is the covariance that REML chooses where the exposure and the acute dose play no part.
    """

    days: Floats
    design: Design
    series: covariance.Series
    fit: covariance.Fit
    raw: covariance.Fit
    null: covariance.Candidates

    @property
    def effect(self) -> float:
        """Change of the outcome that goes with X = 1."""
        return float(self.fit.beta[EXPOSURE])

    @property
    def se(self) -> float:
        """Standard error of the effect."""
        return self.fit.se(EXPOSURE)


@dataclass(frozen=True, slots=True)
class Question:
    """An outcome of one athlete and the runs whose exposure is known; `fitted` None: too few.

    `frame` has y, se, x, a48 and the covariates of each run, by time.
    """

    log: panel.Log | None
    outcome: Outcome
    tau_d: float
    frame: pl.DataFrame
    amount: gate.Amount
    fitted: Fitted | None

    @property
    def exposure(self) -> str:
        """What was dosed."""
        return self.log.exposure if self.log else dose.STRENGTH


def ask(
    log: panel.Log,
    outcome: Outcome,
    frame: pl.DataFrame,
    *,
    tau_d: float,
    like: Fitted | None = None,
) -> Question:
    """Fit one question; `frame` is the exposed panel, by time, also where X is not known.

    `like`: a fit of the same values beside nearly the same, which tells how they wander.
    """
    known = frame.filter(panel.exposure_known(log, tau_d))
    days = days_of(known)
    enough = known.height >= MIN_FOR_DESIGN
    design = design_of(known, days, within_run=gate.within_run(*outcome)) if enough else None
    amount = _amount(log, known, design)
    able = design is not None and design.can_fit and _moves(known["y"].to_numpy(), design)
    fitted = fit(known, days, design, like) if able and design is not None else None
    return Question(log, outcome, tau_d, known, amount, fitted)


def nothing(log: panel.Log | None, outcome: Outcome, tau_d: float) -> Question:
    """Return a question that no run answers."""
    n_sessions = log.sessions.height if log else 0
    amount = gate.Amount(0, 0.0, n_sessions, 0, None, None)
    return Question(log, outcome, tau_d, pl.DataFrame(), amount, None)


def fit(
    frame: pl.DataFrame, days: Floats, design: Design, like: Fitted | None = None
) -> Fitted:  # fmt: skip
    """Fit a design to the runs of a frame (y, se); `like` as `ask` has it."""
    series = series_of(frame, days)
    told = series, design.columns, design.undosed
    full, null = (
        covariance.fit_near(*told, like.fit.points) if like else covariance.fit_beside(*told)
    )
    raw = covariance.fit_at(series, design.columns[:, : EXPOSURE + 1], full.point)
    return Fitted(days, design, series, full, raw, null)


def series_of(frame: pl.DataFrame, days: Floats) -> covariance.Series:
    """Return the values (y, se) of runs at their instants."""
    return covariance.Series(days - days[0], frame["y"].to_numpy(), own_variance(frame["se"]))


def days_of(frame: pl.DataFrame) -> Floats:
    """Return the instants of runs in days since the epoch."""
    days: Floats = frame["started_at"].dt.epoch("us").to_numpy() / DAY_US
    return days


def own_variance(se: pl.Series) -> Floats:
    """Return se², a missing one taking the median; zeros where no value has one."""
    known = se.cast(pl.Float64)
    if known.null_count() == known.len():
        return np.zeros(known.len())
    filled: Floats = known.fill_null(known.median()).to_numpy() ** 2
    return filled


def _moves(value: Floats, design: Design) -> bool:
    """Return whether the model leaves anything over: a frozen value has no noise to judge by."""
    rest = value - design.columns @ np.linalg.lstsq(design.columns, value, rcond=None)[0]
    return float(np.abs(rest).max()) > FROZEN * max(float(np.abs(value).max()), 1.0)


def _amount(log: panel.Log, frame: pl.DataFrame, design: Design | None) -> gate.Amount:
    return gate.Amount(
        frame.height,
        panel.weeks(frame["day"]),
        log.sessions.height,
        panel.n_switches(log, frame["day"]) if frame.height else 0,
        design.sd_exposure if design else None,
        design.sd_without_epochs if design else None,
    )
