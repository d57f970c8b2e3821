"""The leads check: strength work to come must not predict the form of runs before it.

Where it does, something else moves both: the plan of a season, pain, a coach. A pass proves
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import covariance, dose
from carryover.estimate.design import MIN_FREE, design_of
from carryover.estimate.gate import within_run
from carryover.estimate.question import days_of, series_of
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from carryover.estimate.question import Question
    from carryover.estimate.slopes import Floats

LEAD_TAU_D: Final = 14.0
"""Fading of the doses to come: near enough that few runs lose theirs at the end of the log."""
UNKNOWN_TAUS: Final = 2.0
"""Runs nearer to the end of the log than this many τ do not know what is to come."""


def lead_p(question: Question) -> float | None:
    """Return the p of the doses to come beside those before; None where it cannot be asked."""
    found = lead(question)
    return None if found is None else found.p


def lead(question: Question) -> Estimate | None:
    """Return the effect of a steady two sessions a week to come, with all else in the model."""
    log = question.log
    if log is None or question.fitted is None:
        return None
    frame = that_know(question)
    days = days_of(frame)
    if days.size < MIN_FREE:
        return None
    design = design_of(frame, days, within_run=within_run(*question.outcome))
    if not design.can_fit:
        return None
    to_come = _to_come(log.doses)[frame["day"].to_numpy()]
    columns = np.column_stack([design.columns, to_come])
    if columns.shape[0] - columns.shape[1] < MIN_FREE or not _is_own(columns):
        return None
    series = series_of(frame, days)
    # One column more moves the noise hardly at all: what the question allows is not sought again.
    fit, _ = covariance.fit_near(series, columns, design.undosed, question.fitted.fit.points)
    return Estimate(float(fit.beta[-1]), fit.se(columns.shape[1] - 1), fit.df)


def that_know(question: Question) -> pl.DataFrame:
    """Return the runs of a question that know the doses to come."""
    if question.log is None or question.frame.is_empty():
        return question.frame
    last = question.log.doses.size - 1 - UNKNOWN_TAUS * LEAD_TAU_D
    return question.frame.filter(pl.col("day") <= last)


def _to_come(doses: Floats) -> Floats:
    """Return the fading sum of strictly later days; 1 is a steady two sessions a week."""
    turned: Floats = dose.chronic(doses[::-1], LEAD_TAU_D)[::-1]
    return turned


def _is_own(columns: Floats) -> bool:
    """Return whether the last column says anything that the others do not."""
    last, rest = columns[:, -1], columns[:, :-1]
    left = last - rest @ np.linalg.lstsq(rest, last, rcond=None)[0]
    return float(np.linalg.norm(left)) > 1e-6 * max(float(np.linalg.norm(last)), 1.0)
