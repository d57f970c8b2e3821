"""How much of a sensor's value pace and cadence explain, told robustly.

Trimmed least squares: the tenth of bins that fits worst is left out (glitches of GPS, a run with
another sensor), and the scale of the rest is put right for it, so that Gaussian noise of SD s
gives s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate.tails import normal_density, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from carryover.estimate.slopes import Floats

KEPT_SHARE: Final = 0.9
HALF_SHARE: Final = 0.5
MAX_STEPS: Final = 30
TIES: Final = 3
"""House rule: so many 2-minute means that are the same extreme are a clipped output."""
MAX_STARTS: Final = 10
MAX_SEARCHED: Final = 500
PLANE: Final = 3
"""The first columns of the design: 1, v, c."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What pace and cadence leave of a value, SD in its unit; r2 None where it never changes."""

    r2: float | None
    residual_sd: float


def unclipped(bins: pl.DataFrame, margin: float) -> pl.DataFrame:
    """Return the bins further than `margin` (the value's unit) from an extreme that many share.

    Means of two minutes that are the same to the last digit are the edge of a clipped output;
    near it a bin is clipped in part. A value that never changes is returned as it is.
    """
    value = bins["value"].to_numpy()
    free = np.ones(value.size, dtype=bool)
    for edge in () if value.size == 0 or _is_flat(value) else (value.min(), value.max()):
        distance = np.abs(value - edge)
        if (distance <= _tiny(value)).sum() >= TIES:
            free &= distance > margin
    return bins.filter(free)


def explained(bins: pl.DataFrame) -> Explained:
    """Return what pace and cadence explain of `value` in steady bins; at least 20 of them.

    Columns: run_id, value, speed_mps, speed_sd_mps, cadence_spm, before_mps, before_spm (the bin
    before, or the same).
    """
    value = bins["value"].to_numpy()
    start = np.ones(value.size, dtype=bool)
    kept, residual_sd = _trimmed(value, _design(bins), KEPT_SHARE, [start])
    told = value[kept]
    r2 = None if _is_flat(told) else max(0.0, 1.0 - residual_sd**2 / float(told.var()))
    return Explained(r2, residual_sd)


def half_sd(bins: pl.DataFrame) -> float:
    """Return the scale of the half of the bins that fits best, in the value's unit.

    It is far below `residual_sd` where two sensors share the bins. Of many bins every so many-th
    is looked at.
    """
    some = bins.gather_every(max(1, bins.height // MAX_SEARCHED))
    return _trimmed(some["value"].to_numpy(), _design(some), HALF_SHARE, _starts(some))[1]


def _design(bins: pl.DataFrame) -> Floats:
    """Return 1, v, c, v·c, v², c², 1/c, and how v and c differ from the bin before.

    v² is the mean of squares (mean² + spread²): a curved formula of each second is averaged, not
    applied to the average. The bin before is there since watches smooth their inputs.
    """
    v, c = bins["speed_mps"].to_numpy(), bins["cadence_spm"].to_numpy()
    spread = bins["speed_sd_mps"].fill_null(0.0).to_numpy()
    a, b = _standard(v), _standard(c)
    within = (spread / (v.std() or 1.0)) ** 2
    terms = [
        a, b, a * b, a**2 + within, b**2, _standard(1.0 / c),
        _standard(bins["before_mps"].to_numpy() - v), _standard(bins["before_spm"].to_numpy() - c),
    ]  # fmt: skip
    design: Floats = np.column_stack([np.ones(v.size), *terms])
    return design


def _starts(bins: pl.DataFrame) -> list[Floats]:
    """Return where to look for a half that fits: all bins, and each of the longest runs."""
    runs = bins["run_id"].to_numpy()
    names, counts = np.unique(runs, return_counts=True)
    longest = names[np.argsort(-counts, kind="stable")][:MAX_STARTS]
    return [np.ones(runs.size, dtype=bool), *(runs == name for name in longest)]


def _trimmed(
    value: Floats, design: Floats, share: float, starts: Iterable[Floats]
) -> tuple[Floats, float]:
    """Return the share of bins that fits best and its scale, put right for the trimming."""
    n, rank = value.size, (whole := _basis(design)).shape[1]
    held = max(int(np.ceil(share * n)), rank + 1)
    tries = [_settled(value, whole, design, held, start) for start in starts]
    sums = [float((_residual(value, whole, kept)[kept] ** 2).sum()) for kept in tries]
    best = int(np.argmin(sums))
    freedom = max(held * (1.0 - rank / n), 1.0)
    return tries[best], float(np.sqrt(sums[best] / freedom)) / _shrink(held / n)


def _basis(design: Floats) -> Floats:
    """Return orthogonal columns of length √n that span the same: fits are then small and sound."""
    left, sizes, _ = np.linalg.svd(design, full_matrices=False)
    basis: Floats = left[:, sizes > sizes[0] * 1e-10] * np.sqrt(design.shape[0])
    return basis


def _settled(value: Floats, whole: Floats, design: Floats, held: int, kept: Floats) -> Floats:
    """Return the `held` bins nearest to their own fit, from `kept` on, fit by fit.

    A start of few bins is fitted with a plane first.
    """
    basis = whole if kept.sum() > 2 * whole.shape[1] else _basis(design[:, :PLANE])
    for _ in range(MAX_STEPS):
        size = np.abs(_residual(value, basis, kept))
        nearest = np.zeros(value.size, dtype=bool)
        nearest[np.argpartition(size, held - 1)[:held]] = True
        if basis is whole and (nearest == kept).all():
            break
        kept, basis = nearest, whole
    return kept


def _residual(value: Floats, basis: Floats, kept: Floats) -> Floats:
    """Return what the fit to the kept bins leaves of every bin."""
    part = basis[kept]
    beta = np.linalg.lstsq(part.T @ part, part.T @ value[kept], rcond=1e-12)[0]
    residual: Floats = value - basis @ beta
    return residual


def _shrink(share: float) -> float:
    """Return the SD of the central share of a normal distribution of SD 1."""
    if share >= 1.0:
        return 1.0
    edge = normal_quantile(0.5 + share / 2)
    return float(np.sqrt(1.0 - 2.0 * edge * normal_density(edge) / share))


def _is_flat(value: Floats) -> bool:
    return float(np.ptp(value)) <= _tiny(value)


def _tiny(value: Floats) -> float:
    return 1e-9 * max(float(np.abs(value).max()), 1.0)


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    scaled: Floats = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return scaled
