"""Counts that grow week by week, told in one digit, so that what was told of them stays true."""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover.charts.words import plural

FEW: Final = 20
"""Fewer are told one by one."""
TENS: Final = ((20, 10), (100, 100), (1_000, 1_000), (10_000, 10_000))
"""From how many on a count is told in which steps."""


def about(count: int, one: str) -> str:
    """Return a count with its noun: `12 runs`, then `about 40 runs`, `about 300 runs`."""
    if count < FEW:
        return plural(count, one)
    step = max(size for start, size in TENS if start <= count)
    return f"about {plural(round(count / step) * step, one)}"


def steps_of(count: pl.Expr) -> pl.Expr:
    """Return how many steps of `about` lead up to a count: 300 and 400 are one apart."""
    ends = [start for start, _ in TENS[1:]]
    steps = count.clip(0, FEW).cast(pl.Float64)
    for (start, size), end in zip(TENS, [*ends, None], strict=True):
        steps = steps + (count.clip(start, end) - start) / size
    return steps
