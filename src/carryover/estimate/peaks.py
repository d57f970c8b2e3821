"""The peaks of many smooth curves, found with few looks at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Curves = Callable[[Ints, Floats], Floats]
"""Numbers of curves and a place on each → their heights there."""

MOST_ROUNDS: Final = 12
SURE_ROUNDS: Final = 2
"""No curve is given up before: a parabola through far places promises too little."""
FLAT: Final = 1e-6
"""A parabola that promises less than this has found its peak."""


def peaks(
    curves: Curves, n_curves: int, steps: Floats, *, margin: float
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the place (G,) and the height (G,) of each curve's peak.

    All curves are looked at in the given `steps`, ascending; then a parabola through the three
    places about each best one says where to look next, until it promises nothing more or the
    curve, with twice that promise, stays below the best by more than `margin`: then its highest
    look stands. A peak at an end is that end.
    """
    places, heights = _coarse(curves, n_curves, steps)
    for turn in range(MOST_ROUNDS):
        vertex, promised = _vertex(places, heights)
        hope = heights[:, 1] + 2.0 * promised + margin
        able = (hope > heights[:, 1].max()) | (turn < SURE_ROUNDS)
        due = np.flatnonzero((promised > FLAT) & able)
        if due.size == 0:
            break
        found = curves(due, vertex[due])
        places[due], heights[due] = _narrowed(places[due], heights[due], vertex[due], found)
    return places[:, 1], heights[:, 1]


def _coarse(curves: Curves, n_curves: int, steps: Floats) -> tuple[Floats, Floats]:
    """Return three places and heights (G, 3) about the highest look at each curve."""
    every = np.repeat(np.arange(n_curves), steps.size)
    seen = curves(every, np.tile(steps, n_curves)).reshape(n_curves, steps.size)
    around = np.argmax(seen, axis=1)[:, None] + np.array([-1, 0, 1])
    inside = (around >= 0) & (around < steps.size)
    held = np.clip(around, 0, steps.size - 1)
    heights = np.take_along_axis(seen, held, axis=1)
    return steps[held], np.where(inside, heights, -np.inf)


def _vertex(places: Floats, heights: Floats) -> tuple[Floats, Floats]:
    """Return where a parabola through three places peaks, and how far above the middle one.

    Where an end is missing or the three lie in line, nothing is promised.
    """
    left, right = places[:, 0] - places[:, 1], places[:, 2] - places[:, 1]
    drop_left, drop_right = heights[:, 0] - heights[:, 1], heights[:, 2] - heights[:, 1]
    able = np.isfinite(drop_left) & np.isfinite(drop_right) & (left < 0) & (right > 0)
    left, right = np.where(able, left, -1.0), np.where(able, right, 1.0)
    drop_left, drop_right = np.where(able, drop_left, 0.0), np.where(able, drop_right, 0.0)
    bend = (drop_right / right - drop_left / left) / (right - left)
    slope = drop_right / right - bend * right
    bends = able & (bend < 0)
    bend = np.where(bends, bend, -1.0)
    slope = np.where(bends, slope, 0.0)
    return places[:, 1] - slope / (2.0 * bend), -(slope**2) / (4.0 * bend)


def _narrowed(
    places: Floats, heights: Floats, at: Floats, found: Floats
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the three places about the best of four."""
    four = np.column_stack([places, at])
    order = np.argsort(four, axis=1, kind="stable")
    four = np.take_along_axis(four, order, axis=1)
    seen = np.take_along_axis(np.column_stack([heights, found]), order, axis=1)
    around = np.clip(np.argmax(seen, axis=1), 1, 2)[:, None] + np.array([-1, 0, 1])
    return np.take_along_axis(four, around, axis=1), np.take_along_axis(seen, around, axis=1)
