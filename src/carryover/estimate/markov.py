"""Whitening of a fading process with noise, in time that grows with the number of values alone.

V = S + D: S is an Ornstein–Uhlenbeck process seen at n instants, D is diagonal. S is Markov: with
the fading φ of each gap, L = I − subdiagonal(φ) turns it into independent steps, LSLᵀ = Q with
Q = s·(1 − φ²). So M = LVLᵀ = Q + LDLᵀ has a diagonal and one neighbour, M = RΔRᵀ is LAPACK's
`pttrf` in O(n), and Δ^{−½}R⁻¹L is a V^{−½}. Nothing is divided by D, which may be 0. Several
parameter points are one long matrix whose parts do not touch.

Many points are whitened step by step, all points and columns in one step. To have enough in a step
the series is cut into segments that begin as if nothing came before; what a segment's first value
should have known is one column more, so the segments' products add up to those of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import lapack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats

STEP: Final = 6_000
"""So many numbers are taken through one instant at once: few enough for the nearest memory."""
FEW: Final = 75
"""Points × columns; fewer are whitened one after the other."""
LEAST_SEGMENT: Final = 48
"""Instants; shorter segments cost more to join than they save."""
MANY_COLUMNS: Final = 200
"""From so many columns on one point's columns are whitened side by side, else one by one."""


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
        """Return V^{−½}·columns (n, m) of the first point; `columns` is (n, m)."""
        scale = 1.0 / np.sqrt(self.variance[0])
        back = scale * self.fade[0]
        link = np.r_[0.0, self.link[0, 1:] * scale[1:] / scale[:-1]]
        if columns.shape[1] < MANY_COLUMNS:
            white = scale[:, None] * columns
            white[1:] -= back[1:, None] * columns[:-1]
            return _carried(-link, white)
        white, taken = np.empty(columns.shape), np.empty(columns.shape[1])
        np.multiply(columns[0], scale[0], out=white[0])
        for t in range(1, scale.size):
            here = white[t]
            np.multiply(columns[t], scale[t], out=here)
            for rows, share in ((columns, back), (white, link)):
                np.multiply(rows[t - 1], share[t], out=taken)
                here -= taken
        return white

    def grams(self, columns: Floats) -> Floats:
        """Return columnsᵀ·V⁻¹·columns (G, m, m) of each point; `columns` is (n, m)."""
        if self.fade.shape[0] * (columns.shape[1] + 1) < FEW:
            return np.stack([self._gram(point, columns) for point in range(self.fade.shape[0])])
        return self._grams(columns)

    def _gram(self, point: int, columns: Floats) -> Floats:
        """Return the product (m, m) of one point, column by column: (L·columns)ᵀM⁻¹(L·columns)."""
        steps = np.array(columns, order="F")
        steps[1:] -= self.fade[point, 1:, None] * columns[:-1]
        solved = lapack.dpttrs(self.variance[point], self.link[point, 1:], steps)[0]
        whole: Floats = steps.T @ solved
        return whole

    def _grams(self, columns: Floats) -> Floats:
        """Return the products (G, m, m) of all points, step by step."""
        (n_points, n), m = self.fade.shape, columns.shape[1]
        wanted = round(STEP / (n_points * (m + 1)))
        n_segments = max(1, min(wanted, n // LEAST_SEGMENT))
        white = self._in_segments(columns, n_segments)
        last = white[-1]
        by_time = white.transpose(1, 2, 3, 0)
        each = np.matmul(by_time, by_time.transpose(0, 1, 3, 2))
        whole: Floats = each[:, :, :m, :m].sum(axis=0)
        before = np.zeros((n_segments, n_points, m))
        for k in range(1, n_segments):
            before[k] = last[k - 1, :, :m] + last[k - 1, :, m, None] * before[k - 1]
        half = each[:, :, :m, m] + 0.5 * each[:, :, m, m, None] * before
        joined = np.matmul(half.transpose(1, 2, 0), before.transpose(1, 0, 2))
        whole += joined + joined.transpose(0, 2, 1)
        return whole

    def _in_segments(self, columns: Floats, n_segments: int) -> Floats:
        """Return whitened segments (instants, S, G, m + 1), each as if nothing came before.

        The last column is what 1 in the last whitened value before a segment does to it. The last
        segment is filled up with zeros.
        """
        (n_points, n), m = self.fade.shape, columns.shape[1]
        length = -(-n // n_segments)

        def cut(values: Floats) -> Floats:
            """Return (instants, S, …) of (n, …)."""
            padded = np.zeros((n_segments * length, *values.shape[1:]))
            padded[:n] = values
            parts = padded.reshape(n_segments, length, *values.shape[1:])
            return np.ascontiguousarray(parts.swapaxes(0, 1))

        scale = 1.0 / np.sqrt(self.variance)
        own = cut(np.stack([scale, -scale * self.fade], axis=-1).swapaxes(0, 1))
        values = np.zeros((n, 2, m + 1))
        values[:, 0, :m], values[1:, 1, :m] = columns, columns[:-1]
        linked = np.zeros((n, n_points, 1))
        linked[1:, :, 0] = (self.link[:, 1:] * scale[:, 1:] / scale[:, :-1]).T
        back = cut(linked)
        white: Floats = np.matmul(own, cut(values))
        white[0, :, :, m] = -back[0, :, :, 0]
        taken = np.empty(white.shape[1:])
        for t in range(1, length):
            np.multiply(back[t], white[t - 1], out=taken)
            white[t] -= taken
        return white


def root(gaps_d: Floats, length_d: Floats, smooth: Floats, noise: Floats) -> Root:
    """Return the root of V; `gaps_d` (n − 1,) are above 0.

    Of each point: `length_d` (G,) in days, `smooth` (G,) > 0 the variance of the process,
    `noise` (G, n) ≥ 0 the diagonal of D.
    """
    lengths, which = np.unique(length_d, return_inverse=True)
    # Before the first value lies an endless gap: nothing is carried over it.
    rate = np.full((lengths.size, noise.shape[1]), np.inf)
    rate[:, 1:] = gaps_d / lengths[:, None]
    fade = np.exp(-rate)[which]
    own = smooth[:, None] * (-np.expm1(-2.0 * rate))[which]
    shared = np.zeros(noise.shape)
    np.multiply(-fade[:, 1:], noise[:, :-1], out=shared[:, 1:])
    own += noise
    own -= fade * shared
    variance, link, _ = lapack.dpttrf(own.ravel(), shared.ravel()[1:])
    return Root(fade, np.r_[0.0, link].reshape(fade.shape), variance.reshape(fade.shape))


def faded(fade: Floats, values: Floats) -> Floats:
    """Return what fading sums of earlier values stand at each value, of each column (n, m).

    `fade` (n,) of each value and the one before it, 0 where a series begins; `values` (n, m).
    """
    entering = np.zeros(values.shape, order="F")
    np.multiply(fade[1:, None], values[:-1], out=entering[1:])
    return _carried(fade, entering)


def _carried(share: Floats, values: Floats) -> Floats:
    """Return x (n, m) with x_t = values_t + share_t·x_{t−1}; the first share plays no part."""
    band: NDArray[np.float64] = np.zeros((2, share.size), order="F")
    band[1, :-1] = -share[1:]
    solved: Floats = lapack.dtbtrs(band, np.asfortranarray(values), uplo="L", diag="U")[0]
    return solved
