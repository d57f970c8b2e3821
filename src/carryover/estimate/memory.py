"""How long residuals remember: why the scatter of blocks alone makes intervals too narrow.

Watches filter what they record and runners wander, so neighbouring 4-minute blocks of a residual
are alike. What they remember is pooled over all runs of a baseline, and described as a wander whose
memory fades by the factor φ in four minutes (Ornstein and Uhlenbeck 1930), averaged in blocks: the
correlation is ρ between neighbours and ρφ, ρφ² … between blocks further apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns, units
from carryover.catalogue.thresholds import threshold
from carryover.estimate import run_frames, windows
from carryover.estimate.baseline import KEY
from carryover.estimate.ratio import ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BLOCK_BINS: Final = 2
MIN_BLOCKS: Final = threshold("memory_min_blocks")
DEGREE: Final = 3
"""A run's own drift is taken off as a polynomial of this degree before its blocks are compared."""
FADES: Final = np.linspace(0.0, 0.6, 61)
"""House rule: beyond it a residual wanders, and a window is no sample of its mean."""
OF_RUN: Final = (*KEY, "run_id")


def block_memory(blocks: pl.DataFrame) -> pl.DataFrame:
    """Return DRIFT_NOISE: `memory` ρ, `fade` φ and `block_var` of the 4-minute blocks of r.

    `block_var` is the variance of one block; a baseline without a run that is long enough is not
    in it. `blocks` RUN_BLOCK. Each run's own drift is taken off first; what that takes is given
    back, as computed for runs of the usual number of blocks.
    """
    pooled = (
        blocks.sort(OF_RUN)
        .group_by(KEY, maintain_order=True)
        .agg(
            square=pl.col("square").sum() / pl.col("n_blocks").sum(),
            product=pl.col("product").sum() / pl.col("n_pairs").sum(),
            blocks=(pl.col("n_blocks").sum() / pl.len()).round().cast(pl.Int64),
            pairs=pl.col("n_pairs").sum(),
        )
    )
    product = pl.when(pl.col("pairs") > 0).then("product")
    told_by = pooled.select("square", product, "blocks").iter_rows()
    found = [_given_back(*row) for row in told_by]
    names = {"memory": pl.Float64(), "fade": pl.Float64(), "block_var": pl.Float64()}
    known = pooled.select(KEY).with_columns(pl.DataFrame(found, schema=names, orient="row"))
    return columns.shaped(known, run_frames.DRIFT_NOISE)


def run_blocks(told: pl.DataFrame) -> pl.DataFrame:
    """Return RUN_BLOCK, a row a run × metric with enough blocks of r; `told`: BIN with r."""
    before = pl.col("e", "block").shift(1).over("place").name.suffix("_before")
    follows = pl.col("block") - pl.col("block_before") == 1
    made = (
        _blocks(told)
        .with_columns(before)
        .with_columns(product=pl.when(follows).then(pl.col("e") * pl.col("e_before")))
        .group_by(OF_RUN, maintain_order=True)
        .agg(
            n_blocks=pl.len(),
            square=(pl.col("e") ** 2).sum(),
            n_pairs=pl.col("product").count(),
            product=pl.col("product").sum(),
        )
    )
    return columns.shaped(made, run_frames.RUN_BLOCK)


def spread_of_mean(n: pl.Expr) -> pl.Expr:
    """Return n times the variance of a mean of n blocks, as a multiple of one block's variance.

    1 + c with c = 2·Σ(1 − k/n)·ρφᵏ⁻¹ over k = 1…n−1, of the columns `memory` and `fade`.
    """
    fade = pl.col("fade")
    rest = 1.0 - fade
    return 1.0 + ratio(2.0 * pl.col("memory"), rest) * (1.0 - ratio(1.0 - fade**n, n * rest))


def seen_scatter(n: pl.Expr) -> pl.Expr:
    """Return which share of one block's variance the scatter of n blocks shows: 1 − c/(n − 1)."""
    return 1.0 - ratio(spread_of_mean(n) - 1.0, n - 1.0)


def _blocks(told: pl.DataFrame) -> pl.DataFrame:
    """Return the blocks of runs that have enough of them, `e` off the run's own parabola.

    `place` numbers run and metric.
    """
    # Runs are numbered once: names would be compared again at every step.
    known = told.filter(pl.col("r").is_not_null(), pl.col("mid_moving_s") >= windows.EARLY_AFTER_S)
    places = known.select(OF_RUN).unique(maintain_order=True).with_row_index("place")
    blocks = (
        known.select(*OF_RUN, "r", "bin_index", "mid_moving_s")
        .join(places, on=OF_RUN, maintain_order="left")
        .group_by("place", block=pl.col("bin_index") // BLOCK_BINS, maintain_order=True)
        .agg(b=pl.col("r").mean(), t=ratio(pl.col("mid_moving_s").mean(), units.S_PER_HOUR))
        .sort("place", "block")
    )
    return (
        blocks.filter(pl.len().over("place") >= MIN_BLOCKS)
        .with_columns(pl.col("b", "t") - pl.col("b", "t").mean().over("place"))
        .with_columns((pl.col("t") ** k).alias(f"t{k}") for k in range(2, DEGREE + 1))
        .with_columns(pl.col("t2", "t3") - pl.col("t2", "t3").mean().over("place"))
        .with_columns(_off(name, "t") for name in ("t2", "t3", "b"))
        .with_columns(_off(name, "t2") for name in ("t3", "b"))
        .with_columns(e=_off("b", "t3"))
        .join(places, on="place", maintain_order="left")
    )


def _off(name: str, by: str) -> pl.Expr:
    """Return a column less what the other tells of it in the run; both have mean 0."""
    slope = ratio((pl.col(name) * pl.col(by)).sum(), (pl.col(by) ** 2).sum())
    return pl.col(name) - pl.col(by) * slope.over("place")


def _given_back(square: float, product: float | None, blocks: int) -> tuple[float, float, float]:
    """Return ρ, φ and variance of blocks of which so much is left once each run's drift is off."""
    squares, products = _left_over(blocks)
    ratio = product / square if product is not None and square > 0 else 0.0
    fade = float(np.interp(ratio, products / squares, FADES))
    variance = square / float(np.interp(fade, FADES, squares))
    return float(np.interp(fade, FADES, _neighbours())), fade, variance


@cache
def _neighbours() -> Floats:
    """Return the correlation ρ of neighbouring blocks for each φ of the grid."""
    x = -np.log(FADES[1:])
    known = np.zeros(FADES.size)
    known[1:] = (1.0 - FADES[1:]) ** 2 / (2.0 * (x - 1.0 + FADES[1:]))
    return known


@cache
def _left_over(blocks: int) -> tuple[Floats, Floats]:
    """Return for each φ of the grid the mean square and product of neighbours that are expected.

    Of unit variance, in runs of so many blocks.
    """
    drift = np.vander(np.linspace(-1.0, 1.0, blocks), DEGREE + 1)
    off = np.eye(blocks) - drift @ np.linalg.pinv(drift)
    apart = np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks)))
    left = [
        off @ np.where(apart == 0, 1.0, rho * fade ** np.maximum(apart - 1, 0)) @ off
        for fade, rho in zip(FADES, _neighbours(), strict=True)
    ]
    squares = np.array([np.diag(c).mean() for c in left])
    return squares, np.array([np.diag(c, 1).mean() for c in left])
