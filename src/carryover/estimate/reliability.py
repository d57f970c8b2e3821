"""One pace slope from two: that of lasting changes of speed, and that of quick ones.

A speed with error of its own shows a quick slope that is smaller than the true one by the factor
λ, the reliability of quick changes (the share of their variance that is the runner's): quick =
λ·slow. Both are estimates with a joint error. The posterior mean over λ ~ Beta(8, 1) and a flat
slope takes the quick slope, the surer one, where they agree, and leaves it where it is plainly
flattened. λ = 1 is a speed without error; error cannot make λ more than 1, unless the metric is
itself made from the speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POWER: Final = 7.0
"""House rule: density ∝ λ⁷, mean 0.89: two-minute means of today's watches are mostly right."""
STEPS: Final = 40
TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Split:
    """How the slopes of lasting and of quick changes of speed are made one.

    `picks` (2, k) are slow and quick as sums of all k columns' coefficients, `covariance` (2, 2)
    theirs, `shares` (R, 2) what each run adds to it; `follow` (k, 2) is how all coefficients move
    with the two. `both_ways`: see `pooled`.
    """

    picks: Floats
    covariance: Floats
    shares: Floats
    follow: Floats
    both_ways: bool

    @classmethod
    def of(cls, slow: Floats, error: Floats, shares: Floats, *, both_ways: bool) -> Split | None:
        """Return the split of a fit with coefficients' `error` (k, k) and `shares` (R, k) of it.

        None where quick changes were no term of it.
        """
        if not error[-1, -1] > 0:
            return None
        picks = np.vstack([slow, np.eye(slow.size)[-1]])
        covariance = picks @ error @ picks.T
        follow = error @ picks.T @ np.linalg.pinv(covariance)
        return cls(picks, covariance, shares @ picks.T, follow, both_ways)

    def pooled(self, every: Floats, without: Floats) -> tuple[Floats, Floats, Floats]:
        """Return coefficients (R, k) once pooled, the slopes' covariance (R, 2, 2) and λ (R,).

        `every` (R, k) are coefficients of fits without the runs whose shares (R, 2) are given.
        """
        told = every @ self.picks.T
        covariance = self.covariance - without[:, :, None] * without[:, None, :]
        mean, error, trust = pooled(told, covariance, both_ways=self.both_ways)
        return every + (mean - told) @ self.follow.T, error, trust


def pooled(slopes: Floats, covariance: Floats, *, both_ways: bool) -> tuple[Floats, Floats, Floats]:
    """Return slopes (R, 2), their covariance (R, 2, 2) and λ (R,) once held to quick = λ·slow.

    `slopes` (R, 2) slow and quick with `covariance` (R, 2, 2); `both_ways`: λ may be above 1,
    with the mirrored density, for metrics that the speed's own error goes into.
    """
    lam, weight = _grid(both_ways=both_ways)
    size = np.abs(slopes).max(axis=1, initial=0.0) ** 2 + np.abs(covariance).max(axis=(1, 2))
    firm = covariance + (TINY * size + TINY**2)[:, None, None] * np.eye(2)
    inverse = np.linalg.inv(firm)
    ray = np.column_stack([np.ones_like(lam), lam])
    precision = np.einsum("li,rij,lj->rl", ray, inverse, ray)
    slow = np.einsum("li,rij,rj->rl", ray, inverse, slopes) / precision
    square = np.einsum("ri,rij,rj->r", slopes, inverse, slopes)
    log = np.log(weight) - 0.5 * (square[:, None] - slow**2 * precision) - 0.5 * np.log(precision)
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    told = np.stack([slow, lam * slow], axis=2)
    mean = np.einsum("rl,rli->ri", share, told)
    off = told - mean[:, None, :]
    within = np.einsum("rl,li,lj->rij", share / precision, ray, ray)
    between = np.einsum("rl,rli,rlj->rij", share, off, off)
    return mean, within + between, share @ lam


def _grid(*, both_ways: bool) -> tuple[Floats, Floats]:
    """Return values of λ and their prior weights."""
    lam = (np.arange(STEPS) + 0.5) / STEPS
    weight = lam**POWER
    if not both_ways:
        return lam, weight
    return np.r_[lam, 1.0 / lam[::-1]], np.r_[weight, weight[::-1]]
