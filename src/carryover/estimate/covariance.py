"""Serially correlated runs: likelihood and weighted least squares in one pass over time.

Cov(u) = σ²·[(1 − w)·e^{−|Δdays|/ℓ} + w·I] (+ diag(se²) where each value has its own error).
The first part is an Ornstein–Uhlenbeck process, which is Markov: a scalar Kalman filter whitens
values and design columns exactly in O(n), for all candidate parameters at once, where a dense
Cholesky would take O(n³) each. The covariance is chosen by restricted maximum likelihood over
ℓ ∈ {1, 2, 4, 8, 16, 32, 64} days and w ∈ {0, .25, .5, .75, .9}; σ² is profiled out, or, where
own errors make that impossible, searched on a grid that is refined twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

LENGTHS_D: Final = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
NUGGETS: Final = np.array([0.0, 0.25, 0.5, 0.75, 0.9])
MIN_GAP_D: Final = 1.0 / (24 * 60)
"""Two runs are at least a minute apart: keeps w = 0 regular for values at one instant."""
VARIANCE_SPAN: Final = (1e-3, 4.0)
"""Grid of σ² as a share of the residual variance of ordinary least squares."""
VARIANCE_STEPS: Final = 13
REFINE_STEPS: Final = 9
MIN_DF: Final = 8.0
CHUNK: Final = 128


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
    low, high = np.log(max(scale, 1e-300) * np.array(VARIANCE_SPAN))
    logs = np.linspace(low, high, VARIANCE_STEPS)
    point = _best_of(series, design, base, np.tile(logs, (base.length_d.size, 1)))
    width = float(logs[1] - logs[0])
    for _ in range(2):
        around = np.linspace(-width, width, REFINE_STEPS)
        centre = np.log(point.variance)
        point = _best_of(series, design, point, centre[:, None] + around)
        width = float(around[1] - around[0])
    return point.at(int(np.argmax(restricted_loglik(series, design, point, profiled=False))))


def _best_of(series: Series, design: Floats, points: Candidates, logs: Floats) -> Candidates:
    """Return the points with the most likely of their log variances `logs` (G, S) each."""
    steps = logs.shape[1]
    every = Candidates(
        np.repeat(points.length_d, steps), np.repeat(points.nugget, steps), np.exp(logs.ravel())
    )
    score = restricted_loglik(series, design, every, profiled=False).reshape(logs.shape)
    best = np.argmax(score, axis=1)
    return Candidates(
        points.length_d, points.nugget, np.exp(logs[np.arange(logs.shape[0]), best])
    )  # fmt: skip


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
    white: Floats = _whiten(series, columns, point)[0][:, 0, :]
    return white


def variance_of(series: Series, point: Candidates, weights: Floats) -> Floats:
    """Return the variance (m,) of weighted sums of the values, weightsᵀ·V·weights; weights (n, m).

    One pass over time, as the process is Markov; `point` carries the fitted σ².
    """
    length, nugget, variance = (
        float(v[0]) for v in (point.length_d, point.nugget, point.variance)
    )  # fmt: skip
    own = ((variance + series.own_var)[:, None] * weights**2).sum(axis=0)
    fades = np.exp(-_gaps(series.days) / length)
    carried, pairs = np.zeros(weights.shape[1]), np.zeros(weights.shape[1])
    for before, here, fade in zip(weights[:-1], weights[1:], fades, strict=True):
        carried = fade * (carried + before)
        pairs += here * carried
    total: Floats = own + 2.0 * variance * (1.0 - nugget) * pairs
    return total


def _normal_equations(
    series: Series, design: Floats, points: Candidates
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return [y X]ᵀV⁻¹[y X] as (G, 1+k, 1+k) and log|V| (G,)."""
    columns = np.column_stack([series.value, design])
    grams, log_dets = [], []
    for start in range(0, points.length_d.size, CHUNK):
        part = slice(start, start + CHUNK)
        some = Candidates(points.length_d[part], points.nugget[part], points.variance[part])
        white, log_det = _whiten(series, columns, some)
        grams.append(np.matmul(white.transpose(1, 2, 0), white.transpose(1, 0, 2)))
        log_dets.append(log_det)
    return np.concatenate(grams), np.concatenate(log_dets)


def _whiten(series: Series, columns: Floats, points: Candidates) -> tuple[Floats, Floats]:
    """Return V^{−½}·columns as (n, G, m) and log|V| (G,), by the Kalman filter of the process."""
    n, m = columns.shape
    smooth = points.variance * (1.0 - points.nugget)
    noise = points.variance * points.nugget
    fades = np.exp(-_gaps(series.days)[:, None] / points.length_d)
    spread, state = smooth.copy(), np.zeros((smooth.size, m))
    white, log_det = np.empty((n, smooth.size, m)), np.zeros(smooth.size)
    for row in range(n):
        if row:
            fade = fades[row - 1]
            spread = smooth + fade * fade * (spread - smooth)
            state *= fade[:, None]
        total = spread + noise + series.own_var[row]
        surprise = columns[row] - state
        white[row] = surprise / np.sqrt(total)[:, None]
        log_det += np.log(total)
        gain = spread / total
        state += gain[:, None] * surprise
        spread *= 1.0 - gain
    return white, log_det


def _gaps(days: Floats) -> Floats:
    gaps: Floats = np.maximum(np.diff(days), MIN_GAP_D)
    return gaps
