"""Weighted sums of runs beside their covariates, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import covariance

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

EVERY: Final = slice(None)
KEPT: Final = 2
"""The first columns stay in the sums: the intercept and what is looked at."""


class Sums:
    """Weighted sums of the runs of one fit: c'(y − Zγ̂), Z all columns of the design but two.

    With P = (X'V⁻¹X)⁻¹ the variance is c'Vc − 2·c'Z·(P·X'c)_Z + c'Z·P_ZZ·Z'c, exact under the most
    likely V: the estimated γ̂ and the sum share their noise.
    """

    def __init__(self, series: covariance.Series, design: Floats, fit: covariance.Fit) -> None:
        self._series, self._design = series, design
        self._fit = covariance.fit_at(series, design, fit.point)
        self._point = fit.point

    def estimated(self, contrasts: Floats, rows: slice = EVERY) -> tuple[Floats, Floats]:
        """Return the sums (m,) and their standard errors.

        `contrasts` (n, m) are weights of the runs in `rows`, which holds all that have any:
        columns sum to 0 for differences, where the intercept cancels, to 1 for means.
        """
        series = self._series.part(rows)
        loading = self._design[rows].T @ contrasts
        own = loading[KEPT:]
        value: Floats = series.value @ contrasts - self._fit.beta[KEPT:] @ own
        plain = covariance.variance_of(series, self._point, contrasts)
        spread = self._fit.covariance
        shared = np.einsum("km,km->m", own, (spread @ loading)[KEPT:])
        taken = np.einsum("km,km->m", own, spread[KEPT:, KEPT:] @ own)
        return value, np.sqrt(np.maximum(plain - 2.0 * shared + taken, 0.0))
