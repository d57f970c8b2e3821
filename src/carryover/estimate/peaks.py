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
CLOSE: Final = 1e-3
"""A peak whose height is known this well is found."""
DOUBTED: Final = 0.05
"""A parabola alone may be wrong by its gain and so much of how far the higher end lies below."""
ALIKE: Final = 5
"""Of so many neighbouring curves the middle one tells where on the others to look first."""


def peaks(
    curves: Curves, n_curves: int, steps: Floats, *, margins: tuple[float, ...]
) -> list[tuple[Floats, Floats]]:
    """Return the place (G,) and the height (G,) of each curve's peak, for each family.

    `steps`: where to look, ascending. The middle of some neighbours is looked at in every step,
    the others half a step about its peak. Where the highest look at a curve lies between two lower
    ones, the next goes where a cubic through the nearest looks peaks, until that is no longer in
    doubt or the curve, with twice the doubt, stays below the best of its family by more than the
    family's margin. What the cubic tells is returned. A peak at an end is that end.
    """
    looks = _Looks(curves, n_curves, len(margins), steps)
    number = np.arange(n_curves)
    middle = np.minimum(number // ALIKE * ALIKE + ALIKE // 2, n_curves - 1)
    others = np.flatnonzero(middle != number)
    looks.everywhere(np.flatnonzero(middle == number))
    if looks.rise_again():
        # Where one goes down and up again the others may, too.
        looks.everywhere(others)
    else:
        looks.refine((np.inf,) * len(margins))
        first = looks.peak(0)[0][middle[others]]
        looks.look(others, looks.beside(first, np.array([-0.5, 0.0, 0.5])))
        looks.bracket()
    looks.refine(margins)
    return [looks.peak(family)[:2] for family in range(len(margins))]


class _Looks:
    """All that has been seen: `places` (G, L) ascending, `heights` (F, G, L); NaN where nothing."""

    def __init__(self, curves: Curves, n_curves: int, n_families: int, steps: Floats) -> None:
        self.curves, self.steps = curves, steps
        self.places = np.full((n_curves, 0), np.nan)
        self.heights = np.full((n_families, n_curves, 0), np.nan)

    def everywhere(self, index: Ints) -> None:
        """Look at some curves (K,) in every step."""
        self.look(index, np.tile(self.steps, (index.size, 1)))

    def beside(self, places: Floats, off: Floats) -> Floats:
        """Return the places (K, L) that lie so many steps (L,) beside some places (K,)."""
        number = np.arange(self.steps.size)
        wanted = np.interp(places, self.steps, number)[:, None] + off
        found: Floats = np.interp(wanted, number, self.steps)
        return np.where(off == 0, places[:, None], found)

    def look(self, index: Ints, places: Floats) -> None:
        """Look at some curves (K,) in places of each (K, L), held between the ends."""
        held = np.clip(places, self.steps[0], self.steps[-1])
        seen = (self.places[index][:, :, None] == held[:, None]).any(axis=1)
        seen[:, 1:] |= held[:, 1:] == held[:, :-1]
        curve, column = np.nonzero(~seen)
        if curve.size == 0:
            return
        new = np.full((len(self.places), held.shape[1]), np.nan)
        found = np.full((len(self.heights), *new.shape), np.nan)
        new[index[curve], column] = held[~seen]
        found[:, index[curve], column] = self.curves(index[curve], held[~seen])
        every = np.column_stack([self.places, new])
        order = np.argsort(every, axis=1, kind="stable")
        self.places = np.take_along_axis(every, order, axis=1)
        every = np.concatenate([self.heights, found], axis=2)
        self.heights = np.take_along_axis(every, order[None], axis=2)

    def rise_again(self) -> bool:
        """Return whether any curve goes down and up again."""
        rises = np.diff(self.heights, axis=2)
        turns = np.diff(np.sign(np.nan_to_num(rises)), axis=2)
        return bool((turns > 0).any())

    def bracket(self) -> None:
        """Look further outwards until each highest look lies between two lower, or at an end."""
        for family in range(len(self.heights)):
            while True:
                places, heights = self._about(family)
                best, open_side = places[:, 2], np.isneginf(heights[:, [1, 3]])
                below = np.flatnonzero(open_side[:, 0] & (best > self.steps[0]))
                above = np.flatnonzero(open_side[:, 1] & (best < self.steps[-1]))
                if below.size == 0 and above.size == 0:
                    break
                self.look(below, self.beside(best[below], np.array([-0.5])))
                self.look(above, self.beside(best[above], np.array([0.5])))

    def refine(self, margins: tuple[float, ...]) -> None:
        """Look at each curve about its peak until that is known, or does not matter."""
        for _ in range(MOST_ROUNDS):
            due, at = np.zeros(len(self.places), dtype=bool), np.zeros(len(self.places))
            for family, margin in enumerate(margins):
                place, height, doubt = self.peak(family)
                lacks = height.max() - height
                able = (doubt > CLOSE) & (lacks < 2.0 * doubt + margin) & ~due
                at[able] = place[able]
                due |= able
            if not due.any():
                break
            self.look(np.flatnonzero(due), at[due, None])

    def peak(self, family: int) -> tuple[Floats, Floats, Floats]:
        """Return place, height and doubt about the height (G,) of each curve's peak."""
        places, heights = self._about(family)
        top = heights[:, 2]
        seen = np.isfinite(top)
        apart = places - places[:, 2, None]
        lower = heights - np.where(seen, top, 0.0)[:, None]
        step, promised, doubt = _summit(apart, lower)
        return places[:, 2] + step, top + promised, doubt

    def _about(self, family: int) -> tuple[Floats, Floats]:
        """Return places and heights (G, 5) of the highest look and two on either side.

        Where there is none the place is NaN and the height −∞.
        """
        seen = np.where(np.isnan(self.heights[family]), -np.inf, self.heights[family])
        best = np.argmax(seen, axis=1)[:, None]
        around = best + np.arange(5)
        sides = ((0, 0), (2, 2))
        places = np.pad(self.places, sides, constant_values=np.nan)
        heights = np.pad(seen, sides, constant_values=-np.inf)
        return (
            np.take_along_axis(places, around, axis=1),
            np.take_along_axis(heights, around, axis=1),
        )


def _summit(apart: Floats, lower: Floats) -> tuple[Floats, Floats, Floats]:
    """Return step, gain and doubt (G,) from the middle of five looks to the peak about it.

    `apart` and `lower` (G, 5): places and heights less those of the middle one. A cubic goes
    through the inner three and the nearer of the outer two; its doubt is what a parabola through
    the three tells otherwise. Where an end is missing nothing is gained and nothing doubted.
    """
    inside = np.isfinite(lower[:, 1]) & np.isfinite(lower[:, 3])
    left, right = (np.where(inside, apart[:, i], s) for i, s in ((1, -1.0), (3, 1.0)))
    drops = [np.where(inside, lower[:, i], -1.0) for i in (1, 3)]
    bend = (drops[1] / right - drops[0] / left) / (right - left)
    slope = drops[1] / right - bend * right
    bends = inside & (bend < 0)
    safe = np.where(bends, bend, -1.0)
    step = np.where(bends, -slope / (2.0 * safe), 0.0)
    gain = np.where(bends, -(slope**2) / (4.0 * safe), 0.0)
    third, known = _third(apart, lower, (left, right), (slope, bend))
    a, b = slope + third * left * right, bend - third * (left + right)
    under = b**2 - 3.0 * a * third
    cubic = bends & known & (under > 0) & (b < 0)
    further = a / (np.sqrt(np.where(cubic, under, 1.0)) - np.where(cubic, b, -1.0))
    cubic &= (further > left) & (further < right)
    told = a * further + b * further**2 + third * further**3
    alone = np.where(inside, gain - DOUBTED * np.maximum(*drops), 0.0)
    doubt = np.where(cubic, np.abs(told - gain), alone)
    return np.where(cubic, further, step), np.where(cubic, told, gain), doubt


def _third(
    apart: Floats, lower: Floats, ends: tuple[Floats, Floats], parabola: tuple[Floats, Floats]
) -> tuple[Floats, Flags]:
    """Return the third divided difference (G,) with the nearer outer look, and where there is one.

    `ends`: the two looks beside the middle; `parabola`: slope and bend of the one through them.
    """
    outer = np.where(np.isfinite(lower[:, [0, 4]]), np.abs(apart[:, [0, 4]]), np.inf)
    side = np.where(outer[:, 0] < outer[:, 1], 0, 4)[:, None]
    known = np.isfinite(outer.min(axis=1))
    at = np.where(known, np.take_along_axis(apart, side, axis=1)[:, 0], 2.0 * ends[1])
    height = np.where(known, np.take_along_axis(lower, side, axis=1)[:, 0], 0.0)
    apart_from_all = at * (at - ends[0]) * (at - ends[1])
    return (height - parabola[0] * at - parabola[1] * at**2) / apart_from_all, known
