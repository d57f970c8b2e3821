"""A flat line that bends once: is there a bend at all, and where.

Model for the settled bins of one run: level + slope·max(t − knot, 0) + noise, the noise hanging
together as `wander` says, its size the run's own. The knot is searched over the bins' edges, so
the test statistic is the largest |t| of all knots, and its null distribution that of the same
search over noise: with whitened data this depends only on which bins there are and on how they
hang together, so it is simulated exactly (fixed seed) and the search is paid for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.catalogue.thresholds import threshold
from carryover.estimate.tails import f_quantile
from carryover.estimate.wander import correlation

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats, Ints

FLAT_BINS: Final = int(threshold("onset_flat_bins"))
TAIL_BINS: Final = int(threshold("onset_tail_bins"))
MIN_BINS: Final = int(threshold("onset_min_bins"))
DRAWS: Final = 1999
SEED: Final = 20_261_127
INTERVAL: Final = threshold("onset_interval")


@dataclass(frozen=True, slots=True)
class Stick:
    """What depends on the bins and their wander alone.

    `knots` (K,) bins' edges, the first being the start of the first bin (a straight line);
    `whitening` (n, n), the inverse of a root of the correlation; `level` (n,) the whitened
    constant of length 1; `bends` (n, K) whitened bends, free of the level, of length 1;
    `sizes` (K,) their length before; `null` (DRAWS,) the largest t² of noise, ascending.
    """

    knots: Floats
    whitening: Floats
    level: Floats
    bends: Floats
    sizes: Floats
    null: Floats


@dataclass(frozen=True, slots=True)
class Bend:
    """The best knot of one run, in bins: `low` and `high` its 95 % interval, `p` of any bend.

    `slope` is in the metric's unit a bin after the knot.
    """

    knot: float
    low: float
    high: float
    p: float
    slope: float


def knots(index: Ints) -> Floats:
    """Return the knots that bins `index` (ascending) can tell; the first is the run's start.

    Empty with fewer than 16 bins. Four bins lie before each later knot and four after.
    """
    if index.size < MIN_BINS:
        return np.empty(0)
    edges = np.arange(index[FLAT_BINS - 1] + 1, index[-TAIL_BINS] + 1)
    return np.concatenate([[float(index[0])], edges.astype(np.float64)])


def stick(index: Ints, carried: float, white: float) -> Stick:
    """Return what the search over the knots of these bins needs; `index` has knots."""
    at = knots(index)
    root = np.linalg.cholesky(correlation(index, np.array([carried]), np.array([white])))[0]
    hinge = np.maximum(index[:, None] + 0.5 - at[None, :], 0.0)
    whitening = np.asarray(np.linalg.inv(root), dtype=np.float64)
    made = whitening @ np.column_stack([np.ones(index.size), hinge])
    level = made[:, 0] / np.linalg.norm(made[:, 0])
    bends = made[:, 1:] - level[:, None] * (level @ made[:, 1:])
    sizes: Floats = np.sqrt((bends**2).sum(axis=0))
    bends /= sizes
    return Stick(at, whitening, level, bends, sizes, np.sort(_largest(level, bends)))


def _largest(level: Floats, bends: Floats) -> Floats:
    """Return the largest t² of all bends (DRAWS,) in white noise.

    t² grows with the share of the sum of squares that a bend tells, so the largest share decides.
    """
    noise = white_noise(level.size)
    total = (noise**2).sum(axis=1) - (noise @ level) ** 2
    told = noise @ bends
    told *= told
    most = told.max(axis=1)
    largest: Floats = (level.size - 2) * most / (total - most)
    return largest


@cache
def white_noise(n: int) -> Floats:
    """Return (DRAWS, n) draws of white noise, the same in every night."""
    return np.random.default_rng(SEED).standard_normal((DRAWS, n))


def bend(made: Stick, values: Floats) -> Bend:
    """Return the best bend of the values (n,) of one run."""
    white: Floats = made.whitening @ values
    squares, left = _squares(white, made.level, made.bends)
    best = int(np.argmax(squares))
    beyond = made.null.size - int(np.searchsorted(made.null, squares[best], side="left"))
    free = values.size - 3
    worse = free * (left / left[best] - 1.0) if left[best] > 0 else np.where(left > 0, np.inf, 0.0)
    held = made.knots[worse <= still_likely(free)]
    return Bend(
        knot=float(made.knots[best]), low=float(held.min()), high=float(held.max()),
        p=(1 + beyond) / (1 + made.null.size),
        slope=float(white @ made.bends[:, best] / made.sizes[best]),
    )  # fmt: skip


@cache
def still_likely(free: int) -> float:
    """Return the F up to which a knot stays in the interval."""
    return f_quantile(INTERVAL, 1, free)


def _squares(white: Floats, level: Floats, bends: Floats) -> tuple[Floats, Floats]:
    """Return t² of every bend and what it leaves of the sum of squares, both (K,)."""
    free = level.size - 2
    told = (white @ bends) ** 2
    left = np.maximum(float(white @ white) - float(white @ level) ** 2 - told, 0.0)
    most = np.finfo(np.float64).max
    whole = np.where(told > 0, most, 0.0)
    with np.errstate(over="ignore"):
        np.divide(free * told, left, out=whole, where=left > 0)
    return np.minimum(whole, most), left
