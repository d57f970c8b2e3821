"""Huber's M-estimator of a line by reweighted least squares, for many rows and few columns.

Step by step that of statsmodels' RLM (Huber's T, scale by the median absolute residual), which
takes a pseudo-inverse of all rows in each step. Here the columns are made orthogonal once; a step
then solves a matrix as small as there are columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

K: Final = 1.345
"""Tuning of Huber's T: 95 % efficient for normal data."""
MAD_TO_SD: Final = 0.6744897501960817
"""Median absolute deviation of a normal variable with SD 1."""
MAX_FITS: Final = 50
TOLERANCE: Final = 1e-8


def huber_weights(target: Floats, design: Floats) -> Floats:
    """Return the weights (n,) in 0…1 of the last fit of `target` (n,) by `design` (n, p).

    Steps end where the sum of Huber's loss stands still. Columns that repeat others play no part.
    """
    basis = orthogonal(design)
    weights = np.ones(target.size)
    residual = _residual(target, basis, weights)
    loss = _loss(residual, weights, design)
    for _ in range(MAX_FITS - 1):
        scale = float(np.median(np.abs(residual))) / MAD_TO_SD
        if scale == 0.0:
            break
        size = np.abs(residual) / scale
        weights = np.where(size <= K, 1.0, K / np.maximum(size, K))
        residual = _residual(target, basis, weights)
        before, loss = loss, _loss(residual, weights, design)
        if abs(loss - before) <= TOLERANCE:
            break
    return weights


def huber_slope(target: Floats, by: Floats) -> tuple[float, float]:
    """Return slope and standard error of `target` (n,) on `by` (n,), a line through nought.

    The error is Huber's first (1981, §7.6), as RLM has it: the loss's derivatives stand for
    those of a normal error, with his correction for few rows.
    """
    weights = huber_weights(target, by[:, None])
    slope = float((weights * by) @ target) / float((weights * by) @ by)
    residual = target - slope * by
    scale = float(np.median(np.abs(residual))) / MAD_TO_SD
    if scale == 0.0:
        return slope, 0.0
    pulled = np.clip(residual / scale, -K, K)
    inside = (np.abs(residual / scale) <= K).astype(np.float64)
    share, n = float(inside.mean()), target.size
    correction = 1.0 + float(inside.var()) / (n * share**2)
    spread = scale * float(np.sqrt(pulled @ pulled / (n - 1))) / share
    return slope, correction * spread / float(np.sqrt(by @ by))


def orthogonal(design: Floats) -> Floats:
    """Return orthonormal columns (n, rank) that span what the columns of `design` (n, p) do."""
    left, sizes, _ = np.linalg.svd(design, full_matrices=False)
    least = sizes[0] * max(design.shape) * np.finfo(np.float64).eps
    basis: Floats = left[:, sizes > least]
    return basis


def _residual(target: Floats, basis: Floats, weights: Floats) -> Floats:
    weighted = weights[:, None] * basis
    beta = np.linalg.solve(basis.T @ weighted, weighted.T @ target)
    residual: Floats = target - basis @ beta
    return residual


def _loss(residual: Floats, weights: Floats, design: Floats) -> float:
    free = design.shape[0] - design.shape[1]
    size = np.abs(residual) * free / float((weights * residual) @ residual)
    return float(np.where(size <= K, 0.5 * size**2, K * size - 0.5 * K**2).sum())
