"""Means with their intervals for a look at the data: what is shown beside a verdict, never judged.

Runs are taken as free of one another. Neighbours resemble each other, so the intervals are, if
anything, too narrow; no p-value is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from carryover.estimate.tails import t_reach

MIN_RUNS: Final = 5
"""House rule: fewer runs have no mean worth an interval."""
MAX_BINS: Final = 5
RUNS_A_BIN: Final = 10
BIN_TYPES: Final = {
    "x": pl.Float64, "mean": pl.Float64, "ci_low": pl.Float64, "ci_high": pl.Float64,
    "x_low": pl.Float64, "x_high": pl.Float64, "n": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % interval and the number of runs; in the values' unit."""

    mean: float
    ci_low: float
    ci_high: float
    n: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.ci_low > 0.0 or self.ci_high < 0.0


def mean_of(values: pl.Series) -> Mean | None:
    """Return the mean of a column with its interval; None for fewer than five values."""
    known = values.drop_nulls().cast(pl.Float64).to_numpy()
    if known.size < MIN_RUNS:
        return None
    mean, se = float(known.mean()), float(known.std(ddof=1) / np.sqrt(known.size))
    half = t_reach(known.size - 1) * se
    return Mean(mean, mean - half, mean + half, int(known.size))


def binned(frame: pl.DataFrame, x: str, y: str) -> pl.DataFrame:
    """Return means of `y` in bins of about equally many runs along `x`: columns of BIN_TYPES.

    At most five bins, of ten runs or more each; equal values of `x` never lie in two bins, so
    that weeks without any work stay together. Empty where there are too few runs for two bins.
    """
    known = frame.select(pl.col(x, y).cast(pl.Float64)).drop_nulls()
    count = min(MAX_BINS, known.height // RUNS_A_BIN)
    if count <= 1:
        return pl.DataFrame(schema=BIN_TYPES)
    place = (pl.col(x).rank("average") - 0.5) / known.height * count
    groups = known.with_columns(place.floor().clip(0, count - 1).alias("bin")).partition_by("bin")
    rows = [row for group in groups if (row := _bin(group, x, y))]
    if len(rows) <= 1:
        return pl.DataFrame(schema=BIN_TYPES)
    return pl.DataFrame(rows, schema=BIN_TYPES).sort("x")


def _bin(group: pl.DataFrame, x: str, y: str) -> dict[str, float] | None:
    told = mean_of(group[y])
    if told is None:
        return None
    along = group[x].to_numpy()
    return {
        "x": float(along.mean()), "mean": told.mean, "ci_low": told.ci_low,
        "ci_high": told.ci_high, "x_low": float(along.min()), "x_high": float(along.max()),
        "n": told.n,
    }  # fmt: skip
