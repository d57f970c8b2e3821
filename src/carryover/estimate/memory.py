"""How long residuals remember: why the scatter of blocks alone makes intervals too narrow.

Watches filter what they record and runners wander, so neighbouring 4-minute blocks of a residual
are alike. The correlation ρ of neighbours is pooled over all runs of a baseline and taken on as
ρ, ρ², ρ³ … between blocks further apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import windows
from carryover.estimate.baseline import KEY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BLOCK_BINS: Final = 2
MIN_BLOCKS: Final = 8
"""House rule: a run with fewer blocks says little of their correlation once its line is off."""
MAX_MEMORY: Final = 0.7
"""House rule: beyond it a residual wanders, and a window is no sample of its mean."""
GRID: Final = np.linspace(0.0, MAX_MEMORY, 71)
OF_RUN: Final = (*KEY, "run_id")


def block_memory(told: pl.DataFrame) -> pl.DataFrame:
    """Return KEY and `memory`: the correlation ρ of neighbouring 4-minute blocks of r, 0 at least.

    `told`: BIN with r. Each run's own straight line is taken off first; what that takes of the
    correlation is given back, as computed for runs of the usual number of blocks.
    """
    before = pl.col("e", "block").shift(1).over(OF_RUN).name.suffix("_before")
    follows = pl.col("block") - pl.col("block_before") == 1
    pooled = (
        _blocks(told)
        .with_columns(before)
        .with_columns(product=pl.when(follows).then(pl.col("e") * pl.col("e_before")))
        .group_by(KEY)
        .agg(
            ratio=pl.col("product").mean() / (pl.col("e") ** 2).mean(),
            blocks=(pl.len() / pl.col("run_id").n_unique()).round().cast(pl.Int64),
        )
    )
    memory = [
        _unbiased(ratio, blocks) for ratio, blocks in pooled.select("ratio", "blocks").iter_rows()
    ]
    known = pooled.select(KEY).with_columns(memory=pl.Series(memory, dtype=pl.Float64))
    everyone = told.select(KEY).unique()
    return everyone.join(known, on=KEY, how="left").with_columns(pl.col("memory").fill_null(0.0))


def memory_factor(n: pl.Expr, memory: pl.Expr) -> pl.Expr:
    """Return by what the variance of a mean of n blocks exceeds that told by their scatter.

    With ρ the memory, the mean's variance is σ²/n·(1 + c), c = 2·Σ(1 − k/n)·ρᵏ over k = 1…n−1,
    while the scatter tells σ²·(1 − c/(n − 1)).
    """
    rest = 1.0 - memory
    c = 2.0 * memory / rest * (1.0 - (1.0 - memory**n) / (n * rest))
    return (1.0 + c) / (1.0 - c / (n - 1.0))


def _blocks(told: pl.DataFrame) -> pl.DataFrame:
    """Return the blocks of runs that have enough of them, `e` off the run's own straight line."""
    centred = pl.col("b", "t") - pl.col("b", "t").mean().over(OF_RUN)
    slope = (pl.col("t") * pl.col("b")).sum() / (pl.col("t") ** 2).sum()
    return (
        told.filter(pl.col("r").is_not_null(), pl.col("mid_moving_s") >= windows.EARLY_AFTER_S)
        .group_by(*OF_RUN, block=pl.col("bin_index") // BLOCK_BINS)
        .agg(b=pl.col("r").mean(), t=pl.col("mid_moving_s").mean())
        .filter(pl.len().over(OF_RUN) >= MIN_BLOCKS)
        .sort(*OF_RUN, "block")
        .with_columns(centred)
        .with_columns(e=pl.col("b") - pl.col("t") * slope.over(OF_RUN))
    )


def _unbiased(ratio: float | None, blocks: int) -> float:
    """Return the ρ of which `ratio` is what is left once each run's line is taken off."""
    if ratio is None or not np.isfinite(ratio):
        return 0.0
    return float(np.interp(ratio, _left_over(blocks), GRID))


@cache
def _left_over(blocks: int) -> Floats:
    """Return for each ρ of the grid the ratio that is expected of runs of so many blocks."""
    line = np.column_stack([np.ones(blocks), np.arange(blocks) - (blocks - 1) / 2])
    off = np.eye(blocks) - line @ np.linalg.pinv(line)
    apart = np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks)))
    left = [off @ rho**apart @ off for rho in GRID]
    return np.array([np.diag(c, 1).mean() / np.diag(c).mean() for c in left])
