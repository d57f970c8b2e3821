"""Weighted sums of runs beside their covariates, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import covariance

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

KEPT: Final = 2
"""The first columns stay in the sums: the intercept and what is looked at."""


def estimated(
    series: covariance.Series, design: Floats, fit: covariance.Fit, contrasts: Floats
) -> tuple[Floats, Floats]:
    """Return weighted sums (m,) of the runs beside their covariates, and their standard errors.

    c'(y − Zγ̂), with Z all columns of `design` (n, k) but the first two; `contrasts` (n, m):
    columns sum to 0 for differences, where the intercept cancels, to 1 for means. With
    P = (X'V⁻¹X)⁻¹ the variance is c'Vc − 2·c'Z·(P·X'c)_Z + c'Z·P_ZZ·Z'c, exact under the most
    likely V: the estimated γ̂ and the sum share their noise.
    """
    fit = covariance.fit_at(series, design, fit.point)
    loading = design.T @ contrasts
    own = loading[KEPT:]
    value: Floats = series.value @ contrasts - fit.beta[KEPT:] @ own
    plain = covariance.variance_of(series, fit.point, contrasts)
    shared = np.einsum("km,km->m", own, (fit.covariance @ loading)[KEPT:])
    taken = np.einsum("km,km->m", own, fit.covariance[KEPT:, KEPT:] @ own)
    return value, np.sqrt(np.maximum(plain - 2.0 * shared + taken, 0.0))
