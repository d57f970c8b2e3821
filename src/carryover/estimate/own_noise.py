"""How one athlete's runs vary, for looking ahead: a covariance, and how sure its fit is of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import covariance
from carryover.estimate.design import EXPOSURE
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from carryover.estimate.question import Question

WIDER: Final = 1.1
"""How much wider intervals are where the covariance has to be learnt from the runs, too: measured
on 50 made athletes who knew it (1.10)."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How runs vary: SD beyond their own errors (metric's unit), days of memory, white share."""

    residual_sd: float
    memory_d: float
    nugget_share: float
    is_own: bool = True
    wider: float = WIDER
    """Half-width of a fit that is not sure of its covariance ÷ that of this covariance alone."""

    @property
    def point(self) -> covariance.Candidates:
        """The same as a point of the covariance."""
        told = (self.memory_d, self.nugget_share, self.residual_sd**2)
        length, nugget, variance = (np.array([value]) for value in told)
        return covariance.Candidates(length, nugget, variance)


def own_noise(question: Question) -> Noise | None:
    """Return the noise that REML found; None without a fit."""
    if question.fitted is None:
        return None
    fitted = question.fitted
    point = fitted.fit.point
    sd = float(np.sqrt(point.variance[0]))
    if sd == 0:
        return None
    alone = covariance.fit_at(fitted.series, fitted.design.columns, point)
    certain = Estimate(float(alone.beta[EXPOSURE]), alone.se(EXPOSURE), alone.df).half()
    wider = Estimate(fitted.effect, fitted.se, fitted.fit.df).half() / certain
    return Noise(sd, float(point.length_d[0]), float(point.nugget[0]), wider=wider)
