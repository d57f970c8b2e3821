"""The randomisation test: a calendar that was drawn by lot against those it might have been.

Of the candidates each was as likely as the one that was drawn, so under no effect at all its t is
as likely as any other to be the largest, whatever the noise: the p is exact without any model. The
calendar as it was assigned counts, not what was done: whoever misses sessions does not bend the
lot. Only runs within the plan count; the covariance is chosen without any dose, for all alike.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import dose
from carryover.estimate.design import MIN_FREE, design_of
from carryover.estimate.gate import within_run
from carryover.estimate.outlook import SESSION_HOUR
from carryover.estimate.plan import sessions_of
from carryover.estimate.question import days_of, fit
from carryover.estimate.shift import partial_t

if TYPE_CHECKING:
    from carryover.estimate.panel import Log
    from carryover.estimate.question import Fitted, Question
    from carryover.estimate.slopes import Floats
    from carryover.plan.model import Plan

MAX_P: Final = 0.05
ROUNDING: Final = 1e-9
"""Two calendars that are one so far have one t, up to rounding."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Partial t of the assigned calendar, and of every candidate (K,), itself among them."""

    own: float
    every: Floats

    @property
    def p(self) -> float:
        """Share of the candidates that do as well or better, the drawn one among them."""
        bound = abs(self.own) * (1.0 - ROUNDING)
        return float(np.count_nonzero(np.abs(self.every) >= bound)) / self.every.size

    def confirms(self, effect: float) -> bool:
        """Return whether chance alone seldom does as well, on the side of the estimate."""
        return self.p < MAX_P and self.own * effect > 0


def lot_of(question: Question, plan: Plan | None) -> Lot | None:
    """Return the test of a plan; None where it is not a drawn one, or tells too little.

    Drawn means: sealed and unchanged since, made before its first block, for this outcome.
    """
    log = question.log
    if plan is None or not plan.is_drawn or log is None or question.frame.is_empty():
        return None
    if (plan.metric, plan.outcome, plan.tau_d) != (*question.outcome, question.tau_d):
        return None
    frame = question.frame.filter(pl.col("local_date").is_between(plan.start, plan.end))
    if frame.height <= MIN_FREE:
        return None
    x, a48 = _assigned(question, log, frame, plan)
    own = plan.candidates.index(plan.calendar)
    fitted = _fitted(question, frame.with_columns(x=pl.lit(x[:, own]), a48=pl.lit(a48[:, own])))
    if fitted is None:
        return None
    every = partial_t(fitted, x, a48)
    return Lot(float(every[own]), every)


def _fitted(question: Question, frame: pl.DataFrame) -> Fitted | None:
    days = days_of(frame)
    design = design_of(frame, days, within_run=within_run(*question.outcome))
    return fit(frame, days, design) if design.can_fit else None


def _assigned(
    question: Question, log: Log, frame: pl.DataFrame, plan: Plan
) -> tuple[Floats, Floats]:
    """Return X and A48 (n, K) that each candidate assigns: one median session a planned day.

    What was done before the plan fades on in all of them.
    """
    start = (plan.start - log.first).days
    n_days = max(log.doses.size, start + 7 * plan.calendar.n_weeks)
    doses = np.zeros((n_days, len(plan.candidates)))
    before = min(max(start, 0), log.doses.size)
    doses[:before] = log.doses[:before, None]
    zero = (log.first - dt.date(1970, 1, 1)).days
    at = days_of(frame)
    past = log.sessions.filter(pl.col("local_date") < plan.start)
    held = days_of(past), past["dose"].to_numpy()
    a48 = np.tile(dose.acute_within(*held, at)[:, None], (1, len(plan.candidates)))
    for column, calendar in enumerate(plan.candidates):
        dates = sessions_of(calendar, plan.limits, plan.start, plan.calendar.n_weeks)
        index = np.array([(day - log.first).days for day in dates], dtype=np.int64)
        doses[index, column] = 1.0
        evenings: Floats = np.asarray(zero + index + SESSION_HOUR / 24, dtype=np.float64)
        a48[:, column] += dose.acute_within(evenings, np.ones(index.size), at)
    return dose.chronic(doses, question.tau_d)[frame["day"].to_numpy()], a48
