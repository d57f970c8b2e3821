"""Serially correlated runs: likelihood and weighted least squares in one pass over time.

Cov(u) = σ²·[(1 − w)·e^{−|Δdays|/ℓ} + w·I] (+ diag(se²) where each value has its own error).
The first part is an Ornstein–Uhlenbeck process, which is Markov: values and design columns are
whitened exactly in O(n) (see `markov`), for many candidate parameters at once, where a dense
Cholesky would take O(n³) each. The covariance is chosen by restricted maximum likelihood over
ℓ ∈ {1, 2, 4, 8, 16, 32, 64} days and w ∈ {0, .25, .5, .75, .9}; σ² is profiled out, or, where
own errors make that impossible, its peak is searched at each point that can still win (`peaks`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import markov, peaks

if TYPE_CHECKING:
    from carryover.estimate.peaks import Ints
    from carryover.estimate.slopes import Floats

LENGTHS_D: Final = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
NUGGETS: Final = np.array([0.0, 0.25, 0.5, 0.75, 0.9])
MIN_GAP_D: Final = 1.0 / (24 * 60)
"""Two runs are at least a minute apart: keeps w = 0 regular for values at one instant."""
VARIANCE_SPAN: Final = (4e-4, 10.0)
"""Where σ² is looked for, as a share of the residual variance of ordinary least squares."""
VARIANCE_LOOKS: Final = 7
MIN_DF: Final = 8.0
CHUNK: Final = 1 << 19
"""So many numbers are whitened at once: few enough to stay near the processor."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Parameter points, each field (G,): length in days, nugget share, variance σ²."""

    length_d: Floats
    nugget: Floats
    variance: Floats

    def at(self, index: int) -> Candidates:
        """Return the one point of that index."""
        one = slice(index, index + 1)
        return Candidates(self.length_d[one], self.nugget[one], self.variance[one])


@dataclass(frozen=True, slots=True)
class Series:
    """Values at instants, ascending: `days` (n,), `value` (n,), `own_var` (n,) se² or zeros."""

    days: Floats
    value: Floats
    own_var: Floats

    @property
    def has_own(self) -> bool:
        """Whether any value brings an error of its own."""
        return bool((self.own_var > 0).any())


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients (k,), their covariance (k, k), degrees of freedom, the chosen point."""

    beta: Floats
    covariance: Floats
    df: float
    point: Candidates
    residual: Floats

    def se(self, column: int) -> float:
        """Return the standard error of one coefficient."""
        return float(np.sqrt(self.covariance[column, column]))


def grid() -> Candidates:
    """Return the 35 points of ℓ × w, with σ² = 1."""
    lengths, nuggets = np.meshgrid(LENGTHS_D, NUGGETS, indexing="ij")
    return Candidates(lengths.ravel(), nuggets.ravel(), np.ones(lengths.size))


def fit_reml(series: Series, design: Floats) -> Fit:
    """Choose the covariance by REML and fit; `design` (n, k) has full rank and n > k."""
    return fit_at(series, design, choose(series, design))


def choose(series: Series, design: Floats) -> Candidates:
    """Return the most likely point of the grid."""
    base = grid()
    if not series.has_own:
        return base.at(int(np.argmax(restricted_loglik(series, design, base, profiled=True))))
    residual = series.value - design @ np.linalg.lstsq(design, series.value, rcond=None)[0]
    scale = float(residual @ residual) / (series.value.size - design.shape[1])
    looks = max(scale, 1e-290) * np.geomspace(*VARIANCE_SPAN, VARIANCE_LOOKS)

    def curves(index: Ints, roots: Floats) -> Floats:
        points = Candidates(base.length_d[index], base.nugget[index], roots**-3)
        return restricted_loglik(series, design, points, profiled=False)

    best, peak = peaks.highest(curves, base.length_d.size, looks[::-1] ** (-1 / 3))
    return replace(base.at(best), variance=np.array([peak**-3]))


def restricted_loglik(
    series: Series, design: Floats, points: Candidates, *, profiled: bool
) -> Floats:
    """Return the restricted log likelihood (G,) at each point, without its constant.

    −½·[log|V| + log|XᵀV⁻¹X| + rᵀV⁻¹r]; with `profiled`, σ² is at its optimum for each point and
    the points' own variance is not used.
    """
    grams, log_dets = _normal_equations(series, design, points)
    gram_x, right, total = grams[:, 1:, 1:], grams[:, 1:, 0], grams[:, 0, 0]
    beta = np.linalg.solve(gram_x, right[:, :, None])[:, :, 0]
    squares = np.maximum(total - np.einsum("gi,gi->g", right, beta), 1e-300)
    log_gram = np.linalg.slogdet(gram_x)[1]
    n_free = series.value.size - design.shape[1]
    fit_term = n_free * np.log(squares / n_free) if profiled else squares
    score: Floats = -0.5 * (log_dets + log_gram + fit_term)
    return score


def fit_at(series: Series, design: Floats, point: Candidates) -> Fit:
    """Return generalised least squares with the covariance of one point.

    Without own errors σ² is estimated here from the whitened residuals (n − k).
    """
    grams, _ = _normal_equations(series, design, point)
    gram = grams[0]
    inverse = np.linalg.inv(gram[1:, 1:])
    beta = inverse @ gram[1:, 0]
    variance = float(point.variance[0])
    if not series.has_own:
        squares = max(float(gram[0, 0] - gram[1:, 0] @ beta), 0.0)
        scale = squares / (series.value.size - design.shape[1])
        inverse, variance = inverse * scale, variance * scale
    chosen = Candidates(point.length_d, point.nugget, np.array([variance]))
    df = degrees_of_freedom(series, chosen, design.shape[1])
    return Fit(beta, inverse, df, chosen, series.value - design @ beta)


def degrees_of_freedom(series: Series, point: Candidates, n_columns: int) -> float:
    """Return max(8, min(n − k, n² / 1ᵀS1)), S being the correlation matrix of the values."""
    n = series.value.size
    length, nugget, variance = (
        float(v[0]) for v in (point.length_d, point.nugget, point.variance)
    )  # fmt: skip
    total = variance + series.own_var
    share = np.sqrt(variance * (1.0 - nugget) / np.where(total > 0, total, 1.0))
    fades = np.exp(-_gaps(series.days) / length)
    carried, pairs = 0.0, 0.0
    for before, here, fade in zip(share[:-1], share[1:], fades, strict=True):
        carried = fade * (carried + before)
        pairs += here * carried
    return max(MIN_DF, min(float(n - n_columns), n**2 / (n + 2.0 * pairs)))


def whitened(series: Series, columns: Floats, point: Candidates) -> Floats:
    """Return V^{−½}·columns (n, m) at one point: free of correlation, of equal variance."""
    white: Floats = _root(series, point).whiten(columns)[:, 0, :].T
    return white


def _normal_equations(
    series: Series, design: Floats, points: Candidates
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return [y X]ᵀV⁻¹[y X] as (G, 1+k, 1+k) and log|V| (G,)."""
    columns = np.column_stack([series.value, design])
    step = max(CHUNK // columns.size, 1)
    grams, log_dets = [], []
    for start in range(0, points.length_d.size, step):
        part = slice(start, start + step)
        some = Candidates(points.length_d[part], points.nugget[part], points.variance[part])
        root = _root(series, some)
        white = root.whiten(columns)
        grams.append(np.matmul(white.transpose(1, 0, 2), white.transpose(1, 2, 0)))
        log_dets.append(root.log_det)
    return np.concatenate(grams), np.concatenate(log_dets)


def _root(series: Series, points: Candidates) -> markov.Root:
    noise = (points.variance * points.nugget)[:, None] + series.own_var
    smooth = points.variance * (1.0 - points.nugget)
    return markov.root(_gaps(series.days), points.length_d, smooth, noise)


def _gaps(days: Floats) -> Floats:
    gaps: Floats = np.maximum(np.diff(days), MIN_GAP_D)
    return gaps
