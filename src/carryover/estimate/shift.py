"""The circular-shift check: whether the strength calendar, moved about in time, fits as well.

The daily calendar is rotated by 28 … T − 28 days, exposure and acute dose are built anew, outcome
and covariates stay. A slow wandering of form that happens to resemble the calendar is matched by
many of its rotations; an effect of the dose is not. All rotations are judged with the covariance
that REML chooses without any dose, so that none is favoured, the real one included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import covariance, dose
from carryover.estimate.design import EXPOSURE

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from carryover.estimate.panel import Log
    from carryover.estimate.question import Fitted, Question
    from carryover.estimate.slopes import Floats

    Ints = NDArray[np.int64]

LEAST_SHIFT_D: Final = 28
MOST_SHIFTS: Final = 350
"""Neighbouring rotations are nearly one, as doses fade over weeks: of a long log every second to
tenth is taken, some five for each time in which the exposure is renewed."""
DAY: Final = np.timedelta64(1, "D")
SINGULAR: Final = 1e-9
ACUTE_TURNED: Final = "acute dose of every run for each rotation"


@dataclass(frozen=True, slots=True)
class Shifted:
    """Partial t of the exposure: of the calendar as it was, and of each rotation (K,)."""

    own: float
    moved: Floats

    @property
    def p(self) -> float:
        """Share of calendars that do as well, the real one among them."""
        as_good = np.count_nonzero(np.abs(self.moved) >= abs(self.own))
        return float(1 + as_good) / (1 + self.moved.size)


def shifted(question: Question) -> Shifted | None:
    """Return the partial t of every rotation of the calendar; None: too short a log to rotate."""
    log, fitted = question.log, question.fitted
    if log is None or fitted is None:
        return None
    shifts = rotations(log)
    if shifts.size == 0:
        return None
    x, a48 = _doses(question, log, shifts)
    if fitted.design.acute is None:
        a48 = np.zeros((len(x), 0))
    moved = partial_t(fitted, x, a48)
    columns = fitted.design.columns
    own_acute = columns[:, [fitted.design.acute]] if fitted.design.acute is not None else a48
    own = partial_t(fitted, columns[:, [EXPOSURE]], own_acute)
    return Shifted(float(own[0]), moved)


def rotations(log: Log) -> Ints:
    """Return the shifts in days: 28 … T − 28, T being the days over which the log tells."""
    days = log.doses.size - _start(log)
    step = max(1, -(-(days - 2 * LEAST_SHIFT_D) // MOST_SHIFTS))
    # A step of whole weeks would turn all weekdays alike.
    step += step % dose.DAYS_PER_WEEK == 0
    return np.arange(LEAST_SHIFT_D, days - LEAST_SHIFT_D + 1, step)


def _start(log: Log) -> int:
    """Return the first day that is known: all, or from the first session on."""
    if log.past_is_empty or log.started_on is None:
        return 0
    return (log.started_on - log.first).days


def _doses(question: Question, log: Log, shifts: Ints) -> tuple[Floats, Floats]:
    """Return exposure and acute dose of each run for each rotation, (n, K) each."""
    start = _start(log)
    days = question.frame["day"].to_numpy() - start
    x = dose.chronic_turned(log.doses[start:], question.tau_d, days, shifts)
    # The acute dose is the same for every outcome and τ, and the dearest of all: made once.
    if ACUTE_TURNED not in log.made:
        log.made[ACUTE_TURNED] = _acute(log, shifts)
    row = np.searchsorted(_instants(log.runs), _instants(question.frame))
    return x, log.made[ACUTE_TURNED][row]


def _acute(log: Log, shifts: Ints) -> Floats:
    """Return the acute dose of every run of a log for each rotation (n, K)."""
    start = _start(log)
    days = log.doses.size - start
    zero = np.datetime64(log.first, "us") + start * DAY
    sessions = _since(log.sessions["started_at"], zero)
    runs = _since(log.runs["started_at"], zero)
    amounts = log.sessions["dose"].to_numpy()
    timed = log.sessions["time_known"].to_numpy()
    return dose.acute_turned(sessions, amounts, runs, timed, days, shifts)


def _instants(runs: pl.DataFrame) -> Ints:
    return runs["started_at"].dt.epoch("us").to_numpy()


def partial_t(fitted: Fitted, x: Floats, a48: Floats) -> Floats:
    """Return the t of each column of x (n, K) beside its own acute column and the covariates."""
    rest = fitted.design.without_dose()
    (n, k), n_x = rest.shape, x.shape[1]
    columns = np.column_stack([fitted.series.value, rest, x, a48])
    white = covariance.whitened(fitted.series, columns, fitted.null)
    shares = np.linalg.qr(white[:, 1 : 1 + k])[0].T @ white
    parts = [slice(0, 1), slice(1 + k, 1 + k + n_x), slice(1 + k + n_x, None)]
    y, moved, acute = (_Own(white[:, part], shares[:, part]) for part in parts)
    total = np.full(n_x, y.times(y))
    y_moved, squares = y.times(moved), moved.times(moved)
    before = squares
    if acute.white.shape[1]:
        weight = acute.times(acute)
        weight = np.where(weight > SINGULAR, weight, np.inf)
        shared, y_acute = acute.times(moved), y.times(acute)
        squares = squares - shared**2 / weight
        y_moved = y_moved - shared * y_acute / weight
        total = total - y_acute**2 / weight
    lives = squares > SINGULAR * np.maximum(before, 1.0)
    squares = np.where(lives, squares, 1.0)
    left = np.maximum(total - y_moved**2 / squares, SINGULAR)
    t: Floats = np.where(lives, y_moved / np.sqrt(squares * left / (n - k - 2)), 0.0)
    return t


@dataclass(frozen=True, slots=True)
class _Own:
    """Whitened columns (n, m), and their shares (k, m) in what the covariates span."""

    white: Floats
    shares: Floats

    def times(self, other: _Own) -> Floats:
        """Return the inner products, column by column, of what the covariates leave."""
        pairs = ((self.white, other.white), (self.shares, other.shares))
        whole, spanned = (_products(*pair) for pair in pairs)
        left: Floats = whole - spanned
        return left


def _products(left: Floats, right: Floats) -> Floats:
    """Return the inner products of columns (n, m); `left` may be one column for all."""
    if left.shape[1] == 1:
        one: Floats = left[:, 0] @ right
        return one
    each: Floats = np.einsum("nk,nk->k", left, right)
    return each


def _since(times: pl.Series, zero: np.datetime64) -> Floats:
    """Return instants in days after `zero`."""
    told = times.dt.epoch("us").to_numpy().astype("datetime64[us]")
    days: Floats = (told - zero) / DAY
    return days
