"""The peaks of many smooth curves, found with few looks at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Curves = Callable[[Ints, Floats], Floats]
"""Numbers of curves (K,) and a place on each → their heights there (F, K), of each of F families.

A curve is there once in each family: what is looked at for one is seen for all.
"""

MOST_ROUNDS: Final = 12
SURE_ROUNDS: Final = 2
"""No curve is given up before: a parabola through far places promises too little."""
FLAT: Final = 1e-6
"""A parabola that promises less than this has found its peak."""
ALIKE: Final = 5
"""Of so many neighbouring curves the middle one tells where on the others to look first."""


def peaks(
    curves: Curves, n_curves: int, steps: Floats, *, margins: tuple[float, ...]
) -> list[tuple[Floats, Floats]]:
    """Return the place (G,) and the height (G,) of each curve's peak, for each family.

    Curves are looked at in the given `steps`, ascending, until each has a highest one between two
    lower; then a parabola through these three says where to look next, until it promises nothing
    more or the curve, with twice that promise, stays below the best of its family by more than
    the family's margin: then its highest look stands. A peak at an end is that end.
    """
    seen = np.full((len(margins), n_curves, steps.size), np.nan)

    def look(wanted: Flags) -> None:
        """Look at curves in steps (G, S), where that has not been done."""
        index, step = np.nonzero(wanted & np.isnan(seen[0]))
        if index.size:
            seen[:, index, step] = curves(index, steps[step])

    _first_looks(seen, look)
    found = []
    for family, margin in enumerate(margins):
        places, heights = _bracketed(seen[family], steps, look)
        found.append(_refined(curves, family, places, heights, margin))
    return found


def _first_looks(seen: Floats, look: Callable[[Flags], None]) -> None:
    """Look at some curves in every step, at the others where those are highest.

    Where one of them goes down and up again the others may, too: then all are looked at.
    """
    n_curves, n_steps = seen.shape[1:]
    number = np.arange(n_curves)
    middle = np.minimum(number // ALIKE * ALIKE + ALIKE // 2, n_curves - 1)
    look(np.broadcast_to((middle == number)[:, None], (n_curves, n_steps)))
    told = seen[:, np.unique(middle)]
    rises = np.diff(told, axis=2) > 0
    if (np.diff(rises.astype(np.int8), axis=2) > 0).any():
        look(np.ones((n_curves, n_steps), dtype=bool))
    highest = np.argmax(seen[0, middle], axis=1)
    look(np.abs(np.arange(n_steps) - highest[:, None]) <= 1)


def _bracketed(
    seen: Floats, steps: Floats, look: Callable[[Flags], None]
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return three places and heights (G, 3) about the highest look at each curve.

    `seen` (G, S) is what is known of one family, filled by `look`; beyond an end all is lowest.
    """
    every = np.arange(steps.size)
    while True:
        best = np.argmax(np.where(np.isnan(seen), -np.inf, seen), axis=1)[:, None]
        near = np.abs(every - best) <= 1
        if not np.isnan(seen[near]).any():
            break
        look(near)
    around = best + np.array([-1, 0, 1])
    inside = (around >= 0) & (around < steps.size)
    held = np.clip(around, 0, steps.size - 1)
    heights = np.take_along_axis(seen, held, axis=1)
    return steps[held], np.where(inside, heights, -np.inf)


def _refined(
    curves: Curves, family: int, places: Floats, heights: Floats, margin: float
) -> tuple[Floats, Floats]:
    """Return places and heights (G,) of the peaks that three places (G, 3) are about."""
    for turn in range(MOST_ROUNDS):
        vertex, promised = _vertex(places, heights)
        hope = heights[:, 1] + 2.0 * promised + margin
        able = (hope > heights[:, 1].max()) | (turn < SURE_ROUNDS)
        due = np.flatnonzero((promised > FLAT) & able)
        if due.size == 0:
            break
        found = curves(due, vertex[due])[family]
        places[due], heights[due] = _narrowed(places[due], heights[due], vertex[due], found)
    return places[:, 1], heights[:, 1]


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
