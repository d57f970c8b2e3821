"""Natural cubic splines: bent between their knots, straight beyond them.

Truncated powers after Harrell, Regression Modeling Strategies (2015), 2.4.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def basis(values: Floats, knots: Floats) -> Floats:
    """Return the (n, k − 1) basis of k knots in rising order: the values, then k − 2 bends.

    Fewer than three knots are a straight line: the values alone.
    """
    if knots.size < 3:  # noqa: PLR2004 - two knots have nothing between them to bend
        return values[:, None]
    last, before = knots[-1], knots[-2]

    def cubed(knot: float) -> Floats:
        powers: Floats = np.maximum(values - knot, 0.0) ** 3
        return powers

    bends = [
        cubed(knot)
        - cubed(before) * (last - knot) / (last - before)
        + cubed(last) * (before - knot) / (last - before)
        for knot in knots[:-2]
    ]
    scale = float(np.ptp(knots)) ** 2
    return np.column_stack([values, *(bend / scale for bend in bends)])
