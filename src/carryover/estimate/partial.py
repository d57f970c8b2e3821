"""Single coefficients of a fitted model with columns added or runs left out.

The covariance stays that of the main fit: nothing is searched again, and one pass over the runs
whitens them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import covariance
from carryover.estimate.basis import spanned
from carryover.estimate.design import EXPOSURE, MIN_FREE
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.question import Fitted
    from carryover.estimate.slopes import Floats

    Flags = NDArray[np.bool_]

SAME: Final = 1e-10
"""Directions of which the columns hold a smaller share (of squares) are rounding."""
OWN: Final = 1e-6
"""A column of which less than this share is its own has no coefficient."""


class Beside:
    """A fitted model with `extra` columns (n, m) at hand, whitened once; `kept` (n,) runs count."""

    def __init__(self, fitted: Fitted, extra: Floats, kept: Flags | None = None) -> None:
        self.kept = np.ones(fitted.days.size, dtype=bool) if kept is None else kept
        self.series = fitted.series.part(self.kept)
        self.point = fitted.fit.point
        self.columns = np.column_stack([fitted.design.columns, extra])[self.kept]
        stacked = np.column_stack([self.series.value, self.columns])
        self.white = covariance.whitened(self.series, stacked, self.point)
        self.first_extra: int = fitted.design.columns.shape[1]

    def added(self, index: int) -> int:
        """Return the column number of an extra column."""
        return self.first_extra + index

    def estimate(self, column: int, beside: list[int]) -> Estimate | None:
        """Return the coefficient of one column beside others; None where it has none."""
        rest, own = self.white[:, [1 + c for c in beside]], self.white[:, 1 + column]
        return _coefficient(self.white[:, 0], rest, own, self.series, self.point)

    def own_sd(self, column: int, beside: list[int]) -> float:
        """Return the SD of what the other columns leave of one, runs as they are."""
        basis = spanned(self.columns[:, beside], SAME)
        own = self.columns[:, column]
        left = own - basis @ (basis.T @ own)
        return float(np.sqrt(left @ left / left.size))


def without(fitted: Fitted, left_out: Flags) -> list[Estimate | None]:
    """Return the exposure's effect for each set of runs left out, `left_out` (n, G)."""
    columns, point = fitted.design.columns, fitted.fit.point
    others = np.delete(columns, EXPOSURE, axis=1)
    stacked = np.column_stack([fitted.series.value, others, columns[:, EXPOSURE]])
    found = []
    for out in left_out.T:
        part = fitted.series.part(~out)
        white = covariance.whitened(part, stacked[~out], point)
        found.append(_coefficient(white[:, 0], white[:, 1:-1], white[:, -1], part, point))
    return found


def _coefficient(
    y: Floats,
    rest: Floats,
    own: Floats,
    series: covariance.Series,
    point: covariance.Candidates,
) -> Estimate | None:
    """Return the coefficient of `own` (n,) beside `rest` (n, k), all whitened."""
    if y.size <= rest.shape[1] + 1:
        return None
    basis = spanned(rest, SAME)
    free = y.size - basis.shape[1] - 1
    x_left, y_left = (v - basis @ (basis.T @ v) for v in (own, y))
    square = float(x_left @ x_left)
    if free < MIN_FREE or square <= OWN**2 * float(own @ own):
        return None
    effect = float(x_left @ y_left) / square
    over = y_left - effect * x_left
    # Where values bring errors of their own the whitened ones have variance 1.
    scale = 1.0 if series.has_own else float(over @ over) / free
    df = covariance.degrees_of_freedom(series, point, basis.shape[1] + 1)
    return Estimate(effect, float(np.sqrt(scale / square)), df)
