"""Whitening of a fading process with noise, in time that grows with the number of values alone.

V = S + D: S is an Ornstein–Uhlenbeck process seen at n instants, D is diagonal. S is Markov: with
the fading φ of each gap, L = I − subdiagonal(φ) turns it into independent steps, LSLᵀ = Q with
Q = s·(1 − φ²). So M = LVLᵀ = Q + LDLᵀ has a diagonal and one neighbour, M = RΔRᵀ is LAPACK's
`pttrf` in O(n), and Δ^{−½}R⁻¹L is a V^{−½}. Nothing is divided by D, which may be 0. Several
parameter points are one long matrix whose parts do not touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lapack

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats


@dataclass(frozen=True, slots=True)
class Root:
    """A square root of V at each of G points, as its factors.

    `fade` (G, n) φ and `link` (G, n) the subdiagonal of R, both of a value and the one before
    it (0 for the first); `variance` (G, n) the diagonal of Δ.
    """

    fade: Floats
    link: Floats
    variance: Floats

    @property
    def log_det(self) -> Floats:
        """log|V| (G,)."""
        total: Floats = np.log(self.variance).sum(axis=1)
        return total

    def whiten(self, columns: Floats) -> Floats:
        """Return V^{−½}·columns as (m, G, n); `columns` is (n, m)."""
        n_points, n = self.fade.shape
        told = np.ascontiguousarray(columns.T)[:, None, :]
        white = np.empty((told.shape[0], n_points, n))
        white[:, :, 0] = told[:, :, 0]
        np.multiply(told[:, :, :-1], -self.fade[:, 1:], out=white[:, :, 1:])
        white[:, :, 1:] += told[:, :, 1:]
        band = np.zeros((2, n_points * n), order="F")
        band[1, :-1] = self.link.ravel()[1:]
        flat = white.reshape(told.shape[0], n_points * n).T
        solved: Floats = lapack.dtbtrs(band, flat, uplo="L", diag="U", overwrite_b=1)[0]
        white = solved.T.reshape(white.shape)
        white /= np.sqrt(self.variance)
        return white


def root(gaps_d: Floats, length_d: Floats, smooth: Floats, noise: Floats) -> Root:
    """Return the root of V; `gaps_d` (n − 1,) are above 0.

    Of each point: `length_d` (G,) in days, `smooth` (G,) > 0 the variance of the process,
    `noise` (G, n) ≥ 0 the diagonal of D.
    """
    # Before the first value lies an endless gap: nothing is carried over it.
    rate = np.full(noise.shape, np.inf)
    rate[:, 1:] = gaps_d / length_d[:, None]
    fade = np.exp(-rate)
    own = smooth[:, None] * -np.expm1(-2.0 * rate)
    shared = np.zeros(noise.shape)
    np.multiply(-fade[:, 1:], noise[:, :-1], out=shared[:, 1:])
    variance, link, _ = lapack.dpttrf((own + noise - fade * shared).ravel(), shared.ravel()[1:])
    return Root(fade, np.r_[0.0, link].reshape(fade.shape), variance.reshape(fade.shape))
