"""How one form metric follows pace and grade: a robust fit with a level for each run.

The model on 2-minute bins is

    value = level of the run + f(v) + b_up·max(g, 0) + b_down·max(−g, 0) + b_h·hours + b_q·q

f is a natural cubic spline of 3 degrees of freedom in speed v (m/s), a line where paces are too
few for a bend; g is grade in %, hours are into the run. f is learnt from the speed that a bin's
neighbours predict, q is what is left of the bin's own (`pace`): so errors of speed do not flatten
f. The two slopes are then made one (`reliability`).

The run's level is a random intercept, taken in by quasi-demeaning (Swamy and Arora 1972): from
every row the share θ = 1 − √(σ_e² / (σ_e² + T·σ_u²)) of its run's mean is taken off, T being the
run's number of bins. The rows so made are fitted by Huber's M-estimator (`huber`).

The fit *without one run* needs no second one: with θ and the Huber weights w of the full fit
held, the normal equations are sums over rows, so the run's own rows are taken off both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.catalogue.thresholds import threshold
from carryover.estimate import spline
from carryover.estimate.huber import MAD_TO_SD, huber_weights
from carryover.estimate.pace import predicted_speed
from carryover.estimate.reliability import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SPEED, UP, DOWN, HOURS = range(4)
N_NUISANCE: Final = 2
"""Columns after the effects: hours, and what is left of the speed."""

MIN_BINS: Final = round(threshold("baseline_min_bins"))
MIN_RUNS: Final = round(threshold("baseline_min_runs"))
MIN_SPEED_SD_MPS: Final = threshold("baseline_speed_sd_mps")
MIN_GRADE_SD_PCT: Final = threshold("baseline_grade_sd_pct")
MIN_HOURS_SD: Final = threshold("baseline_hours_sd_h")
MIN_SPREAD: Final = np.array([MIN_SPEED_SD_MPS, MIN_GRADE_SD_PCT, MIN_GRADE_SD_PCT, MIN_HOURS_SD])
MIN_PREDICTED_SD_MPS: Final = threshold("baseline_predicted_sd_mps")
BEND_BINS: Final = threshold("baseline_bend_bins")
BEND_RANGE_MPS: Final = threshold("baseline_bend_range_mps")
SANDWICH_RUNS: Final = threshold("baseline_cluster_runs")
MIDDLE: Final = (0.1, 0.9)
"""Quantiles between which paces count as usual."""
KNOTS: Final = (0.05, 0.35, 0.65, 0.95)
"""Quantiles of four knots (Harrell 2015, table 2.3): 3 degrees of freedom."""
PERFECT_FIT: Final = 1e-9
"""Residual spread, as a share of the value's, below which there is nothing to weight down."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Baseline bins of one athlete × sensor epoch × metric, sorted by run and bin.

    `value` (n,), `terms` (n, 4) in the order speed, up, down, hours; `run` (n,) codes 0…R−1,
    `bin_index` (n,).
    """

    value: Floats
    terms: Floats
    run: Ints
    bin_index: Ints

    @property
    def n_runs(self) -> int:
        """Number of distinct runs."""
        return int(self.run[-1]) + 1 if self.run.size else 0


@dataclass(frozen=True, slots=True)
class SlopeFit:
    """A fit and what is needed to take one run out of it exactly.

    `effects` (m,) with 0 for a term left out and `covariance` (m, m) belong to the columns of
    `effect_terms(…, knots)`; `design` (n, p) and `target` (n,) are the quasi-demeaned rows,
    `weights` (n,) Huber's; `folds` (m + 2, p) makes the coefficients of all columns of those
    fitted, 0 for a term left out. `slow_slope` and `quick_slope` are those of the predicted speed
    and of what is left of it, before they are pooled to one with `reliability` λ (NaN where there
    is no split).
    """

    rows: Rows
    knots: Floats
    effects: Floats
    covariance: Floats
    folds: Floats
    split: Split | None
    design: Floats
    target: Floats
    weights: Floats
    hours_slope: float
    slow_slope: float
    quick_slope: float
    reliability: float
    residual_sd: float
    run_sd: float
    r2_within: float


def terms(speed_mps: Floats, grade_pct: Floats, hours: Floats) -> Floats:
    """Return the (n, 4) matrix of speed, uphill, downhill and hours; a null grade is level."""
    return np.column_stack([speed_mps, *_hills(grade_pct), hours])


def effect_terms(speed_mps: Floats, grade_pct: Floats, knots: Floats) -> Floats:
    """Return the (n, m) columns whose sum by `effects` is what pace and grade do to a value."""
    return np.column_stack([spline.basis(speed_mps, knots), *_hills(grade_pct)])


def robust_sd(values: Floats) -> float:
    """Return the SD of a normal variable with the values' median absolute deviation; 0 if none."""
    if values.size == 0:
        return 0.0
    return float(np.median(np.abs(values - np.median(values)))) / MAD_TO_SD


def unusable_reason(n_bins: int, n_runs: int, speed_sd_mps: float) -> str:
    """Return why no honest pace slope can be had, in plain words; empty when it can."""
    if n_bins < MIN_BINS:
        plural = "es" * (n_bins != 1)
        return f"{n_bins} steady two-minute stretch{plural} so far; {MIN_BINS} are needed"
    if n_runs < MIN_RUNS:
        plural = "s" * (n_runs != 1)
        return f"{n_runs} run{plural} with steady, level running so far; {MIN_RUNS} are needed"
    if not speed_sd_mps >= MIN_SPEED_SD_MPS:
        return (
            f"pace hardly varies between stretches (SD {speed_sd_mps:.2f} m/s, "
            f"{MIN_SPEED_SD_MPS:.2f} is needed), so its effect cannot be told"
        )
    return ""


def check(rows: Rows) -> str:
    """Return why these rows cannot carry a fit; empty when they can."""
    speed_sd = float(rows.terms[:, SPEED].std()) if rows.value.size else 0.0
    return unusable_reason(rows.value.size, rows.n_runs, speed_sd)


def fit_slopes(rows: Rows, *, has_speed: bool = False) -> SlopeFit:
    """Fit one metric; call only when `check(rows)` is empty. Never raises for a thin design.

    `has_speed`: the metric is made from the speed, so that errors of speed are in it.
    """
    told, knots, columns, kept = _columns(rows)
    design = np.column_stack([np.ones(rows.value.size), columns[:, kept]])
    theta = _theta(rows, design[:, 1:])[rows.run]
    moved = design - theta[:, None] * _run_means(design, rows)[rows.run]
    target = rows.value - theta * _run_means(rows.value[:, None], rows)[rows.run, 0]
    weights = _huber_weights(target, moved)
    gram, right = moved.T @ (weights[:, None] * moved), moved.T @ (weights * target)
    beta = np.linalg.lstsq(gram, right, rcond=None)[0]
    spread, shares = _covariance(rows, moved, weights, target - moved @ beta, gram)
    folds = _folds(kept, columns.shape[1])
    every, error = folds @ beta, folds @ spread @ folds.T
    slow = _slow(told, knots, every.size)
    split = Split.of(slow, error, shares @ folds.T, both_ways=has_speed)
    taken, error, trust = _pooled(split, every, error)
    residual = rows.value - design @ beta
    residual_sd, run_sd = _spreads(rows, residual)
    n = every.size - N_NUISANCE
    return SlopeFit(
        rows, knots, taken[:n], error[:n, :n], folds, split, moved, target, weights,
        hours_slope=float(taken[n]),
        slow_slope=float(slow @ every),
        quick_slope=float(every[-1]) if split else np.nan,
        reliability=trust,
        residual_sd=residual_sd, run_sd=run_sd, r2_within=_r2_within(rows, residual),
    )  # fmt: skip


def effects_without_each_run(fit: SlopeFit) -> tuple[Floats, list[str]]:
    """Return effects (R, m) with each run left out, and why a run's effects cannot be had.

    Exact for held θ, knots, predicted speeds and Huber weights: A₋ᵣ = A − Σ_{j∈r} w_j x_j x_jᵀ
    and likewise the right side, then a small solve. Where the rest is too thin the effects are
    NaN and the reason says so; the full fit is never used in its stead.
    """
    rows, weighted = fit.rows, fit.weights[:, None] * fit.design
    outer = _run_sums(weighted[:, :, None] * fit.design[:, None, :], rows)
    right = _run_sums(weighted * fit.target[:, None], rows)
    reasons = _reasons_without_each_run(fit)
    good = np.array([not reason for reason in reasons])
    effects = np.full((rows.n_runs, fit.effects.size), np.nan)
    grams, rights = outer.sum(axis=0) - outer[good], right.sum(axis=0) - right[good]
    beta = np.linalg.solve(grams, rights[:, :, None])[:, :, 0]
    every = beta @ fit.folds.T
    if fit.split:
        every, _, _ = fit.split.pooled(every, fit.split.shares[good])
    effects[good] = every[:, : fit.effects.size]
    return effects, reasons


def _pooled(split: Split | None, every: Floats, error: Floats) -> tuple[Floats, Floats, float]:
    """Return coefficients (k,), their covariance (k, k) and λ (NaN without a split) once pooled."""
    if split is None:
        return every, error, np.nan
    taken, slopes, trust = split.pooled(every[None, :], np.zeros((1, 2)))
    narrowed = error + split.follow @ (slopes[0] - split.covariance) @ split.follow.T
    return taken[0], narrowed, float(trust[0])


def _columns(rows: Rows) -> tuple[Floats, Floats, Floats, Ints]:
    """Return predicted speeds, knots, all columns beside the intercept, and which are fitted.

    Columns: the effect terms at the predicted speed, hours, what is left of the speed.
    """
    wide = rows.terms.std(axis=0) >= MIN_SPREAD
    speed = rows.terms[:, SPEED]
    others = rows.terms[:, UP:][:, wide[UP:]]
    told = predicted_speed(speed, others, rows.run, rows.bin_index)
    is_split = float(told.std()) >= MIN_PREDICTED_SD_MPS
    told = told if is_split else speed
    knots = _knots(told)
    bends = spline.basis(told, knots)
    columns = np.column_stack([bends, rows.terms[:, UP:], speed - told])
    fitted = np.r_[np.full(bends.shape[1], True), wide[UP:], is_split and _differs(speed, told)]
    return told, knots, columns, np.flatnonzero(fitted)


def _differs(speed: Floats, told: Floats) -> bool:
    """Return whether the neighbours leave anything of the speed (a made exact pace leaves none)."""
    return float((speed - told).std()) > PERFECT_FIT * max(float(speed.std()), 1.0)


def _knots(speed_mps: Floats) -> Floats:
    """Return the knots of the pace effect, or two that make it a straight line."""
    low, high = np.quantile(speed_mps, MIDDLE)
    knots = np.quantile(speed_mps, KNOTS)
    can_bend = speed_mps.size >= BEND_BINS and high - low >= BEND_RANGE_MPS
    return knots if can_bend and np.diff(knots).min() > 0 else knots[[0, -1]]


def _slow(told: Floats, knots: Floats, n_columns: int) -> Floats:
    """Return what of the coefficients (n_columns,) is the slope over the middle four fifths."""
    low, high = np.quantile(told, MIDDLE)
    step = np.zeros(n_columns)
    if high - low <= PERFECT_FIT:
        step[0] = 1.0
        return step
    ends = spline.basis(np.array([low, high]), knots)
    step[: ends.shape[1]] = (ends[1] - ends[0]) / (high - low)
    return step


def _hills(grade_pct: Floats) -> tuple[Floats, Floats]:
    grade = np.nan_to_num(grade_pct, nan=0.0)
    return np.maximum(grade, 0.0), np.maximum(-grade, 0.0)


def _covariance(
    rows: Rows, design: Floats, weights: Floats, residual: Floats, gram: Floats
) -> tuple[Floats, Floats]:
    """Return the coefficients' covariance (p, p) and what each run adds to them (R, p).

    By the scatter of the runs where they are many (Liang and Zeger 1986): bins of one run are not
    independent. The covariance is then the sum of the runs' outer products.
    """
    bread = np.linalg.pinv(gram)
    n, p = design.shape
    if rows.n_runs < SANDWICH_RUNS:
        scale = float((weights * residual) @ residual) / max(n - p, 1)
        return bread * scale, np.zeros((rows.n_runs, p))
    scores = _run_sums((weights * residual)[:, None] * design, rows)
    shares: Floats = scores @ bread * np.sqrt(rows.n_runs / (rows.n_runs - 1))
    return shares.T @ shares, shares


def _folds(kept: Ints, n_columns: int) -> Floats:
    """Return the (n_columns, p) matrix that gives each column its fitted coefficient, or 0."""
    folds = np.zeros((n_columns, kept.size + 1))
    folds[kept, np.arange(1, kept.size + 1)] = 1.0
    return folds


def _reasons_without_each_run(fit: SlopeFit) -> list[str]:
    rows = fit.rows
    used = rows.terms.std(axis=0) >= MIN_SPREAD
    centred = rows.terms - rows.terms.mean(axis=0)
    count = _run_sums(np.ones((rows.value.size, 1)), rows)
    left = rows.value.size - count
    first, second = _run_sums(centred, rows), _run_sums(centred**2, rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = -first / left
        spread = np.sqrt(np.maximum((second.sum(axis=0) - second) / left - mean**2, 0.0))
    thin = (spread[:, used] < MIN_SPREAD[used]).any(axis=1)
    reasons = [
        unusable_reason(int(n), rows.n_runs - 1, float(sd))
        for n, sd in zip(left[:, 0], spread[:, SPEED], strict=True)
    ]
    return [
        f"without this run: {reason}" if reason
        else "without this run the effect of hills or duration cannot be told" if flat
        else ""
        for reason, flat in zip(reasons, thin, strict=True)
    ]  # fmt: skip


def _run_sums(values: Floats, rows: Rows) -> Floats:
    starts = np.flatnonzero(np.r_[True, rows.run[1:] != rows.run[:-1]])
    return np.asarray(np.add.reduceat(values, starts, axis=0), dtype=np.float64)


def _run_means(values: Floats, rows: Rows) -> Floats:
    means: Floats = _run_sums(values, rows) / np.bincount(rows.run)[:, None]
    return means


def _theta(rows: Rows, columns: Floats) -> Floats:
    """Return each run's share of its mean to take off, (R,), from the within and run variances."""
    both = np.column_stack([rows.value, columns])
    within = both - _run_means(both, rows)[rows.run]
    slopes = np.linalg.lstsq(within[:, 1:], within[:, 0], rcond=None)[0]
    size = np.bincount(rows.run)
    error = within[:, 0] - within[:, 1:] @ slopes
    error_var = float(error @ error) / max(rows.value.size - rows.n_runs - slopes.size, 1)
    levels = _run_means((rows.value - columns @ slopes)[:, None], rows)[:, 0]
    run_var = max(float(levels.var(ddof=1)) - error_var * float((1.0 / size).mean()), 0.0)
    total = error_var + size * run_var
    share: Floats = np.divide(error_var, total, out=np.ones(size.size), where=total > 0)
    theta: Floats = 1.0 - np.sqrt(share)
    return theta


def _huber_weights(target: Floats, design: Floats) -> Floats:
    beta = np.linalg.lstsq(design, target, rcond=None)[0]
    scale = max(robust_sd(target), float(np.abs(target).max()))
    if robust_sd(target - design @ beta) <= PERFECT_FIT * scale:
        return np.ones(target.size)
    return huber_weights(target, design)


def _spreads(rows: Rows, residual: Floats) -> tuple[float, float]:
    """Return the robust SD of bins about their run's level, and the SD of those levels."""
    levels = _run_means(residual[:, None], rows)[:, 0]
    size = np.bincount(rows.run)
    own = (residual - levels[rows.run]) * np.sqrt(size / np.maximum(size - 1, 1))[rows.run]
    bin_sd = robust_sd(own[size[rows.run] > 1])
    run_var = float(levels.var(ddof=1)) - bin_sd**2 * float((1.0 / size).mean())
    return bin_sd, float(np.sqrt(max(run_var, 0.0)))


def _r2_within(rows: Rows, residual: Floats) -> float:
    """Return the share of the variance within runs that is explained; NaN for a still value."""
    value = rows.value - _run_means(rows.value[:, None], rows)[rows.run, 0]
    left = residual - _run_means(residual[:, None], rows)[rows.run, 0]
    total = float(value @ value)
    return 1.0 - float(left @ left) / total if total > 0 else np.nan
