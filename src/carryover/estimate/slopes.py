"""How one form metric follows pace and grade: a robust fit with an intercept a run.

The model on 2-minute bins is

    value = (own level of the run) + b_v·speed + b_up·max(g, 0) + b_down·max(−g, 0) + b_h·hours

with speed in m/s, grade g in % and hours into the run. The run's own level is a random
intercept, taken in by quasi-demeaning (Swamy and Arora 1972): from every row the share
θ = 1 − √(σ_e² / (σ_e² + T·σ_u²)) of its run's mean is taken off, T being the run's number of
bins. The rows so made are fitted by Huber's M-estimator (statsmodels RLM).

The slopes *without one run* need no second fit: with θ and the Huber weights w of the full fit
held, the normal equations are sums over rows, so the run's own rows are taken off both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from statsmodels.robust.norms import HuberT
from statsmodels.robust.robust_linear_model import RLM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SPEED, UP, DOWN, HOURS = range(4)
N_SLOPES: Final = 4

MIN_BINS: Final = 30
"""House rule: an hour of steady bins, below which four slopes are a guess."""
MIN_RUNS: Final = 3
"""House rule: with fewer runs, run-to-run level and slope cannot be told apart."""
MIN_SPEED_SD_MPS: Final = 0.10
"""House rule: spread of bin speeds below which a pace slope is mostly noise of the speed."""
MIN_GRADE_SD_PCT: Final = 0.15
"""House rule: spread of a grade term below which the term is left out (slope 0)."""
MIN_HOURS_SD: Final = 0.05
"""House rule: spread of hours into the run below which that term is left out (slope 0)."""
MIN_SPREAD: Final = np.array([MIN_SPEED_SD_MPS, MIN_GRADE_SD_PCT, MIN_GRADE_SD_PCT, MIN_HOURS_SD])
MAD_TO_SD: Final = 0.6744897501960817
"""Median absolute deviation of a normal variable with SD 1."""
PERFECT_FIT: Final = 1e-9
"""Residual spread, as a share of the value's, below which there is nothing to weight down."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Baseline bins of one athlete × sensor epoch × metric, sorted by run.

    `value` (n,), `terms` (n, 4) in the order speed, up, down, hours; `run` (n,) codes 0…R−1.
    """

    value: Floats
    terms: Floats
    run: Ints

    @property
    def n_runs(self) -> int:
        """Number of distinct runs."""
        return int(self.run[-1]) + 1 if self.run.size else 0


@dataclass(frozen=True, slots=True)
class SlopeFit:
    """A fit and what is needed to take one run out of it exactly.

    `slopes` (4,) with 0 for a term left out; `design` (n, p) and `target` (n,) are the
    quasi-demeaned rows, `weights` (n,) Huber's, `kept` the indices of the terms in the design
    after its intercept.
    """

    rows: Rows
    slopes: Floats
    kept: Ints
    design: Floats
    target: Floats
    weights: Floats
    residual_sd: float
    run_sd: float


def terms(speed_mps: Floats, grade_pct: Floats, hours: Floats) -> Floats:
    """Return the (n, 4) matrix of speed, uphill, downhill and hours; a null grade is level."""
    grade = np.nan_to_num(grade_pct, nan=0.0)
    return np.column_stack([speed_mps, np.maximum(grade, 0.0), np.maximum(-grade, 0.0), hours])


def robust_sd(values: Floats) -> float:
    """Return the SD of a normal variable with the values' median absolute deviation; 0 if none."""
    if values.size == 0:
        return 0.0
    return float(np.median(np.abs(values - np.median(values)))) / MAD_TO_SD


def unusable_reason(n_bins: int, n_runs: int, speed_sd_mps: float) -> str:
    """Return why no honest pace slope can be had, in plain words; empty when it can."""
    if n_bins < MIN_BINS:
        return f"{n_bins} steady two-minute stretches so far; {MIN_BINS} are needed"
    if n_runs < MIN_RUNS:
        return f"{n_runs} runs with steady, level running so far; {MIN_RUNS} are needed"
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


def fit_slopes(rows: Rows) -> SlopeFit:
    """Fit one metric; call only when `check(rows)` is empty. Never raises for a thin design."""
    kept = np.flatnonzero(rows.terms.std(axis=0) >= MIN_SPREAD)
    design = np.column_stack([np.ones(rows.value.size), rows.terms[:, kept]])
    theta = _theta(rows, design[:, 1:])[rows.run]
    moved = design - theta[:, None] * _run_means(design, rows)[rows.run]
    target = rows.value - theta * _run_means(rows.value[:, None], rows)[rows.run, 0]
    weights = _huber_weights(target, moved)
    gram, right = moved.T @ (weights[:, None] * moved), moved.T @ (weights * target)
    beta = np.linalg.lstsq(gram, right, rcond=None)[0]
    slopes = np.zeros(N_SLOPES)
    slopes[kept] = beta[1:]
    residual_sd, run_sd = _spreads(rows, rows.value - design @ beta)
    return SlopeFit(rows, slopes, kept, moved, target, weights, residual_sd, run_sd)


def slopes_without_each_run(fit: SlopeFit) -> tuple[Floats, list[str]]:
    """Return slopes (R, 4) with each run left out, and why a run's slopes cannot be had.

    Exact for held θ and Huber weights: A₋ᵣ = A − Σ_{j∈r} w_j x_j x_jᵀ and likewise the right
    side, then a solve of at most 5 × 5. Where the rest is too thin the slopes are NaN and the
    reason says so; the full fit is never used in its stead.
    """
    rows, weighted = fit.rows, fit.weights[:, None] * fit.design
    outer = _run_sums(weighted[:, :, None] * fit.design[:, None, :], rows)
    right = _run_sums(weighted * fit.target[:, None], rows)
    reasons = _reasons_without_each_run(fit)
    good = np.array([not reason for reason in reasons])
    slopes = np.full((rows.n_runs, N_SLOPES), np.nan)
    grams, rights = outer.sum(axis=0) - outer[good], right.sum(axis=0) - right[good]
    beta = np.linalg.solve(grams, rights[:, :, None])[:, :, 0]
    slopes[good] = 0.0
    slopes[np.ix_(good, fit.kept)] = beta[:, 1:]
    return slopes, reasons


def _reasons_without_each_run(fit: SlopeFit) -> list[str]:
    rows = fit.rows
    centred = rows.terms - rows.terms.mean(axis=0)
    count = _run_sums(np.ones((rows.value.size, 1)), rows)
    left = rows.value.size - count
    first, second = _run_sums(centred, rows), _run_sums(centred**2, rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = -first / left
        spread = np.sqrt(np.maximum((second.sum(axis=0) - second) / left - mean**2, 0.0))
    thin = (spread[:, fit.kept] < MIN_SPREAD[fit.kept]).any(axis=1)
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
    return np.asarray(RLM(target, design, M=HuberT()).fit().weights, dtype=np.float64)


def _spreads(rows: Rows, residual: Floats) -> tuple[float, float]:
    """Return the robust SD of bins about their run's level, and the SD of those levels."""
    levels = _run_means(residual[:, None], rows)[:, 0]
    size = np.bincount(rows.run)
    own = (residual - levels[rows.run]) * np.sqrt(size / np.maximum(size - 1, 1))[rows.run]
    bin_sd = robust_sd(own[size[rows.run] > 1])
    run_var = float(levels.var(ddof=1)) - bin_sd**2 * float((1.0 / size).mean())
    return bin_sd, float(np.sqrt(max(run_var, 0.0)))
