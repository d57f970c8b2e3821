"""Quantiles and tails of Student's t, F and the normal distribution, and q values.

They are SciPy's special functions: `scipy.stats`, which has the same numbers, takes a second of
every build to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats


CONFIDENCE: Final = 0.95
"""Of an interval, unless another is told."""


def t_reach(df: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors an interval reaches to either side."""
    return t_quantile(0.5 + confidence / 2, df)


def t_reaches(df: Floats) -> Floats:
    """Return the same for many degrees of freedom; (n,) → (n,)."""
    return t_quantiles(0.5 + CONFIDENCE / 2, df)


def t_quantile(share: float, df: float) -> float:
    """Return the value below which `share` of Student's t lies."""
    return float(special.stdtrit(df, share))


def t_quantiles(share: float, df: Floats) -> Floats:
    """Return the same for many degrees of freedom; (n,) → (n,)."""
    return np.asarray(special.stdtrit(df, share), dtype=np.float64)


def t_above(value: float, df: float) -> float:
    """Return the share of Student's t that lies above a value."""
    return float(special.stdtr(df, -value))


def f_quantile(share: float, df: float, df_below: float) -> float:
    """Return the value below which `share` of Fisher's F lies."""
    return float(special.fdtri(df, df_below, share))


def normal_quantile(share: float) -> float:
    """Return the value below which `share` of the standard normal distribution lies."""
    return float(special.ndtri(share))


def normal_above(value: float) -> float:
    """Return the share of the standard normal distribution that lies above a value."""
    return float(special.ndtr(-value))


def normal_density(value: float) -> float:
    """Return the density of the standard normal distribution."""
    return float(np.exp(-0.5 * value * value) / np.sqrt(2.0 * np.pi))


def q_values(p_values: Sequence[float]) -> list[float]:
    """Return each p as the smallest false discovery rate at which it would still be found.

    Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    held = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(held, kind="stable")
    scaled = held[order] * (held.size / np.arange(1, held.size + 1))
    found = np.empty_like(held)
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return [float(q) for q in np.minimum(found, 1.0)]
