"""Orthonormal columns for what other columns span."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats


def spanned(columns: Floats, rounding: float) -> Floats:
    """Return orthonormal columns (n, rank) that span what those of `columns` (n, k) do.

    By their Gram matrix, many times quicker than a decomposition of all rows. Directions that
    hold a smaller share of the largest one's squares than `rounding` are said by others already.
    """
    norms = np.linalg.norm(columns, axis=0)
    scaled = columns / np.where(norms > 0, norms, 1.0)
    sizes, turned = np.linalg.eigh(scaled.T @ scaled)
    kept = sizes > rounding * sizes[-1]
    basis: Floats = scaled @ (turned[:, kept] / np.sqrt(sizes[kept]))
    return basis
