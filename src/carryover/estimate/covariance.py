"""Serially correlated runs: likelihood and weighted least squares in one pass over time.

Cov(u) = σ²·[(1 − w)·e^{−|Δdays|/ℓ} + w·I] (+ diag(se²) where each value has its own error).
The first part is an Ornstein–Uhlenbeck process, which is Markov: values and design columns are
whitened exactly in O(n) (see `markov`), for many candidate parameters at once, where a dense
Cholesky would take O(n³) each. The covariance is judged by restricted maximum likelihood over
ℓ ∈ {1, 2, 4, 8, 16, 32, 64} days and w ∈ {0, .25, .5, .75, .9}; σ² is profiled out, or, where
own errors make that impossible, its peak is searched at each point that still matters (`peaks`).
A year of runs does not settle ℓ and w: a fit that trusts the most likely point alone is too sure
of itself. So it is averaged over the grid, each point weighing its restricted likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import markov, peaks
from carryover.estimate.memo import by_content

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.peaks import Ints
    from carryover.estimate.slopes import Floats

    Flags = NDArray[np.bool_]

LENGTHS_D: Final = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
NUGGETS: Final = np.array([0.0, 0.25, 0.5, 0.75, 0.9])
MIN_GAP_D: Final = 1.0 / (24 * 60)
"""Two runs are at least a minute apart: keeps w = 0 regular for values at one instant."""
VARIANCE_SPAN: Final = (4e-4, 10.0)
"""Where σ² is looked for, as a share of the residual variance of ordinary least squares."""
VARIANCE_LOOKS: Final = 7
MIN_DF: Final = 8.0
LEAST_WEIGHT: Final = 1e-3
"""Points less likely than this share of the best one are left out of the average."""
MARGIN: Final = -float(np.log(LEAST_WEIGHT))
BEST_MARGIN: Final = 1.0
"""Enough where only the best point is asked for."""
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
        return self.some(np.array([index]))

    def some(self, indices: Ints | slice) -> Candidates:
        """Return the points of some indices."""
        return Candidates(self.length_d[indices], self.nugget[indices], self.variance[indices])


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

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """All that the series is."""
        return self.days, self.value, self.own_var

    def part(self, kept: Flags | slice) -> Series:
        """Return the series of some rows."""
        return Series(self.days[kept], self.value[kept], self.own_var[kept])


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients (k,), their covariance (k, k), degrees of freedom, the most likely point.

    `points` are all that the fit is an average over.
    """

    beta: Floats
    covariance: Floats
    df: float
    point: Candidates
    residual: Floats
    points: Candidates

    def se(self, column: int) -> float:
        """Return the standard error of one coefficient."""
        return float(np.sqrt(self.covariance[column, column]))


def grid() -> Candidates:
    """Return the 35 points of ℓ × w, with σ² = 1."""
    lengths, nuggets = np.meshgrid(LENGTHS_D, NUGGETS, indexing="ij")
    return Candidates(lengths.ravel(), nuggets.ravel(), np.ones(lengths.size))


@by_content(lambda series, design: (*series.arrays, design))
def fit_reml(series: Series, design: Floats) -> Fit:
    """Fit, averaged over the grid; `design` (n, k) has full rank and n > k.

    A point weighs its restricted likelihood: under even odds for all points (and 1/σ² for σ²)
    that is its probability given the data. Variances are those within points and between them.
    """
    every = np.arange(design.shape[1])
    ((points, score),), grams = _likely(series, design, [every], (MARGIN,))
    return _averaged(series, design, points, score, grams)


@by_content(lambda series, design, kept: (*series.arrays, design, kept))
def fit_beside(series: Series, design: Floats, kept: Ints) -> tuple[Fit, Candidates]:
    """Fit as `fit_reml` does; beside it the most likely point where only `kept` columns count.

    Both are looked for together: one whitening of the columns tells both likelihoods.
    """
    every = np.arange(design.shape[1])
    (whole, part), grams = _likely(series, design, [every, kept], (MARGIN, BEST_MARGIN))
    points, score = part
    return _averaged(series, design, *whole, grams), points.at(int(np.argmax(score)))


def fit_near(
    series: Series, design: Floats, kept: Ints, points: Candidates
) -> tuple[Fit, Candidates]:
    """Fit as `fit_beside` does, over these points alone: those of a fit of nearly the same model.

    Where values bring errors of their own a point keeps its σ², else it is at its optimum here.
    """
    every = np.arange(design.shape[1])
    grams, log_dets = _normal_equations(series, design, points)
    n, profiled = series.value.size, not series.has_own
    whole, part = (_scores(grams, log_dets, n, some, profiled=profiled) for some in (every, kept))
    return _averaged(series, design, points, whole, grams), points.at(int(np.argmax(part)))


def _averaged(
    series: Series, design: Floats, points: Candidates, score: Floats, grams: Floats | None
) -> Fit:
    """Return the fit over points (G,) by their likelihood; `grams` are theirs where known."""
    kept = np.flatnonzero(np.exp(score - score.max()) >= LEAST_WEIGHT)
    points, score = points.some(kept), score[kept]
    if grams is None:
        # What a search tells of the points is near enough to choose, not to weigh them.
        grams, log_dets = _normal_equations(series, design, points)
        every = np.arange(design.shape[1])
        score = _scores(grams, log_dets, series.value.size, every, profiled=not series.has_own)
    else:
        grams = grams[kept]
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    betas, inner, variance = _fits(series, grams, points.variance)
    beta = weight @ betas
    off = betas - beta
    spread = np.einsum("g,gij->ij", weight, inner) + np.einsum("g,gi,gj->ij", weight, off, off)
    fitted = replace(points, variance=variance)
    df = degrees_of_freedom(series, fitted, design.shape[1], weight)
    best = fitted.at(int(np.argmax(weight)))
    return Fit(beta, spread, df, best, series.value - design @ beta, fitted)


def choose(series: Series, design: Floats) -> Candidates:
    """Return the most likely point of the grid."""
    points, score = likely(series, design, margin=BEST_MARGIN)
    return points.at(int(np.argmax(score)))


def likely(
    series: Series, design: Floats, *, margin: float = MARGIN
) -> tuple[Candidates, Floats]:  # fmt: skip
    """Return the grid, each point with its best σ² where that is not profiled, and how likely.

    The second (G,) is the restricted log likelihood without its constant; of points that are
    less likely than the best by more than `margin` it is only known that they are.
    """
    ((points, score),), grams = _likely(series, design, [np.arange(design.shape[1])], (margin,))
    if grams is None:
        score = restricted_loglik(series, design, points, profiled=False)
    return points, score


def _likely(
    series: Series, design: Floats, kept: list[Ints], margins: tuple[float, ...]
) -> tuple[list[tuple[Candidates, Floats]], Floats | None]:
    """Return what `likely` does for each choice of the design's columns.

    Beside it the points' normal equations, where all choices have the same points.
    """
    base = grid()
    if not series.has_own:
        grams, log_dets = _normal_equations(series, design, base)
        n = series.value.size
        heights = [_scores(grams, log_dets, n, some, profiled=True) for some in kept]
        return [(base, height) for height in heights], grams
    residual = series.value - design @ np.linalg.lstsq(design, series.value, rcond=None)[0]
    scale = float(residual @ residual) / (series.value.size - design.shape[1])
    looks = max(scale, 1e-290) * np.geomspace(*VARIANCE_SPAN, VARIANCE_LOOKS)

    def curves(index: Ints, roots: Floats) -> Floats:
        points = Candidates(base.length_d[index], base.nugget[index], roots**-3)
        return _logliks(series, design, kept, points, profiled=False)

    steps = looks[::-1] ** (-1 / 3)
    found = peaks.peaks(curves, base.length_d.size, steps, margins=margins)
    return [(replace(base, variance=places**-3), heights) for places, heights in found], None


def restricted_loglik(
    series: Series, design: Floats, points: Candidates, *, profiled: bool
) -> Floats:
    """Return the restricted log likelihood (G,) at each point, without its constant.

    −½·[log|V| + log|XᵀV⁻¹X| + rᵀV⁻¹r]; with `profiled`, σ² is at its optimum for each point and
    the points' own variance is not used.
    """
    every = np.arange(design.shape[1])
    score: Floats = _logliks(series, design, [every], points, profiled=profiled)[0]
    return score


def _logliks(
    series: Series, design: Floats, kept: list[Ints], points: Candidates, *, profiled: bool
) -> Floats:
    """Return `restricted_loglik` (F, G) for each of F choices of the design's columns."""
    grams, log_dets = _normal_equations(series, design, points)
    n = series.value.size
    return np.stack([_scores(grams, log_dets, n, some, profiled=profiled) for some in kept])


def _scores(
    grams: Floats, log_dets: Floats, n: int, kept: Ints, *, profiled: bool
) -> Floats:  # fmt: skip
    """Return `restricted_loglik` (G,) of `n` values with some of the design's columns."""
    gram_x, right = grams[:, 1 + kept[:, None], 1 + kept], grams[:, 1 + kept, 0]
    beta = np.linalg.solve(gram_x, right[:, :, None])[:, :, 0]
    squares = np.maximum(grams[:, 0, 0] - np.einsum("gi,gi->g", right, beta), 1e-300)
    log_gram = np.linalg.slogdet(gram_x)[1]
    n_free = n - kept.size
    fit_term = n_free * np.log(squares / n_free) if profiled else squares
    score: Floats = -0.5 * (log_dets + log_gram + fit_term)
    return score


def fit_at(series: Series, design: Floats, point: Candidates) -> Fit:
    """Return generalised least squares with the covariance of one point.

    Without own errors σ² is estimated here from the whitened residuals (n − k).
    """
    grams, _ = _normal_equations(series, design, point)
    betas, inner, variance = _fits(series, grams, point.variance)
    chosen = replace(point, variance=variance)
    df = degrees_of_freedom(series, chosen, design.shape[1])
    return Fit(betas[0], inner[0], df, chosen, series.value - design @ betas[0], chosen)


def _fits(series: Series, grams: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Return coefficients (G, k), their covariances (G, k, k) and σ² (G,) at each point.

    `grams` are the points' normal equations with their `variance` (G,).
    """
    inverse = np.asarray(np.linalg.inv(grams[:, 1:, 1:]), dtype=np.float64)
    right = grams[:, 1:, 0]
    betas: Floats = np.einsum("gij,gj->gi", inverse, right)
    if not series.has_own:
        squares = np.maximum(grams[:, 0, 0] - np.einsum("gi,gi->g", right, betas), 0.0)
        scale = squares / (series.value.size - betas.shape[1])
        inverse, variance = inverse * scale[:, None, None], variance * scale
    return betas, inverse, variance


def degrees_of_freedom(
    series: Series, points: Candidates, n_columns: int, weight: Floats | None = None
) -> float:
    """Return max(8, min(n − k, n² / 1ᵀS1)), S being the correlation matrix of the values.

    Of several points, S is the mean by `weight` (G,).
    """
    n = series.value.size
    spread = points.variance[:, None]
    total = spread + series.own_var
    smooth = spread * (1.0 - points.nugget[:, None])
    share = np.sqrt(smooth / np.where(total > 0, total, 1.0))
    fade = np.zeros(share.shape)
    fade[:, 1:] = np.exp(-_gaps(series.days) / points.length_d[:, None])
    before = markov.faded(fade.ravel(), share.reshape(-1, 1)).reshape(share.shape)
    pairs = np.einsum("gn,gn->g", share, before)
    shared = float(pairs.mean() if weight is None else weight @ pairs)
    return max(MIN_DF, min(float(n - n_columns), n**2 / (n + 2.0 * shared)))


def whitened(series: Series, columns: Floats, point: Candidates) -> Floats:
    """Return V^{−½}·columns (n, m) at one point: free of correlation, of equal variance."""
    return _root(series, point).whiten(columns)


def variance_of(series: Series, point: Candidates, weights: Floats) -> Floats:
    """Return the variance (m,) of weighted sums of the values, weightsᵀ·V·weights; weights (n, m).

    One pass over time, as the process is Markov; `point` carries the fitted σ².
    """
    length, nugget, variance = (
        float(v[0]) for v in (point.length_d, point.nugget, point.variance)
    )  # fmt: skip
    own = ((variance + series.own_var)[:, None] * weights**2).sum(axis=0)
    fade = np.r_[0.0, np.exp(-_gaps(series.days) / length)]
    pairs = np.einsum("nm,nm->m", weights, markov.faded(fade, weights))
    total: Floats = own + 2.0 * variance * (1.0 - nugget) * pairs
    return total


def _normal_equations(
    series: Series, design: Floats, points: Candidates
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return [y X]ᵀV⁻¹[y X] as (G, 1+k, 1+k) and log|V| (G,)."""
    columns = np.column_stack([series.value, design])
    step = max(CHUNK // columns.size, 1)
    grams, log_dets = [], []
    for start in range(0, points.length_d.size, step):
        root = _root(series, points.some(slice(start, start + step)))
        grams.append(root.grams(columns))
        log_dets.append(root.log_det)
    return np.concatenate(grams), np.concatenate(log_dets)


def _root(series: Series, points: Candidates) -> markov.Root:
    noise = (points.variance * points.nugget)[:, None] + series.own_var
    smooth = points.variance * (1.0 - points.nugget)
    return markov.root(_gaps(series.days), points.length_d, smooth, noise)


def _gaps(days: Floats) -> Floats:
    gaps: Floats = np.maximum(np.diff(days), MIN_GAP_D)
    return gaps
