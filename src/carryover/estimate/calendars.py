"""Calendars to choose from: blocks of 6 to 10 weeks, jittered, since a fixed period aliases.

A cycle of one length can run in step with a season, a training plan or a slow swing of form; blocks
of changing length cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.plan.model import MAX_BLOCK_WEEKS, MIN_BLOCK_WEEKS, Calendar, Limits

if TYPE_CHECKING:
    import datetime as dt

    from numpy.random import Generator

    from carryover.estimate.slopes import Floats

USUAL_LENGTHS: Final = (8, 7, 9, 6, 10, 7, 8, 10, 6, 9)
"""A jittered calendar that is not searched for: what a plan would take, roughly."""
TRIES: Final = 40
"""Draws for each calendar that is wanted, before the limits count as too narrow."""


@dataclass(frozen=True, slots=True)
class State:
    """What the athlete does now, for how many whole weeks; whether an off-block may be first."""

    is_on: bool
    weeks: int
    may_rest: bool = True


def state_now(doses: Floats, last_day: int, *, may_rest: bool) -> State:
    """Return the state of the weeks that end with a day of the calendar; a session makes one on."""
    told = doses[: last_day + 1]
    n_weeks = told.size // 7
    weekly = told[told.size - 7 * n_weeks :].reshape(n_weeks, 7).sum(axis=1)[::-1] > 0
    if n_weeks == 0:
        return State(is_on=False, weeks=0, may_rest=may_rest)
    changes = np.flatnonzero(weekly != weekly[0])
    weeks = int(changes[0]) if changes.size else n_weeks
    return State(bool(weekly[0]), weeks, may_rest)


def first_lengths(state: State, *, first_on: bool) -> range:
    """Return how long the first block may be; empty where it may not be of that state.

    Going on with what is done now counts the weeks that it has lasted.
    """
    if not first_on and not state.may_rest:
        return range(0)
    if first_on is not state.is_on:
        return range(MIN_BLOCK_WEEKS, MAX_BLOCK_WEEKS + 1)
    low = max(MIN_BLOCK_WEEKS - state.weeks, 1)
    return range(low, MAX_BLOCK_WEEKS - state.weeks + 1)


def drawn(
    rng: Generator, n_weeks: int, n: int, state: State, limits: Limits, start: dt.date
) -> list[Calendar]:
    """Return up to n different jittered calendars of at least so many weeks."""
    found: dict[Calendar, None] = {}
    for _ in range(TRIES * n):
        if len(found) >= n:
            break
        calendar = _draw(rng, n_weeks, state)
        if calendar and is_jittered(calendar) and _allowed(calendar, state, limits, start):
            found[calendar] = None
    return list(found)


def altered(
    rng: Generator, calendar: Calendar, n: int, state: State, limits: Limits, start: dt.date
) -> list[Calendar]:
    """Return up to n neighbours: one or two blocks a little longer or shorter."""
    found: dict[Calendar, None] = {}
    for _ in range(TRIES * n):
        if len(found) >= n:
            break
        lengths = np.array(calendar.lengths)
        places = rng.integers(0, lengths.size, rng.integers(1, 3))
        lengths[places] += rng.integers(-2, 3, places.size)
        near = Calendar(calendar.first_on, tuple(map(int, lengths)))
        rest_fits = all(MIN_BLOCK_WEEKS <= k <= MAX_BLOCK_WEEKS for k in near.lengths[1:])
        first_fits = near.lengths[0] in first_lengths(state, first_on=near.first_on)
        fits = (
            rest_fits and first_fits and is_jittered(near) and _allowed(near, state, limits, start)
        )
        if fits and near != calendar:
            found[near] = None
    return list(found)


def usual(n_weeks: int, state: State) -> list[Calendar]:
    """Return the calendar that is not searched for, begun with either state that may come first."""
    found = []
    for first_on in (True, False):
        allowed = first_lengths(state, first_on=first_on)
        if not allowed:
            continue
        lengths = [min(max(USUAL_LENGTHS[0], allowed[0]), allowed[-1])]
        while sum(lengths) < n_weeks:
            lengths.append(USUAL_LENGTHS[len(lengths) % len(USUAL_LENGTHS)])
        found.append(Calendar(first_on, tuple(lengths)))
    return found


def fixed(n_weeks: int, *, first_on: bool, weeks: int = 8) -> Calendar:
    """Return equal blocks."""
    return Calendar(first_on, (weeks,) * (-(-n_weeks // weeks) + 1))


def is_jittered(calendar: Calendar) -> bool:
    """Return whether the whole cycles, on and off together, are not all of one length."""
    inner = calendar.lengths[1:]
    cycles = [a + b for a, b in zip(inner[::2], inner[1::2], strict=False)]
    blocks = set(inner[:3])
    return len(blocks) > 1 and (len(cycles) < 2 or len(set(cycles)) > 1)  # noqa: PLR2004 - a pair


def _allowed(calendar: Calendar, state: State, limits: Limits, start: dt.date) -> bool:
    return limits.allows(calendar, start, goes_on=calendar.first_on and state.is_on)


def _draw(rng: Generator, n_weeks: int, state: State) -> Calendar | None:
    first_on = bool(rng.integers(2))
    allowed = first_lengths(state, first_on=first_on)
    if not allowed:
        return None
    lengths = [int(rng.choice(allowed))]
    while sum(lengths) < n_weeks or len(lengths) < 4:  # noqa: PLR2004 - a cycle after the first
        lengths.append(int(rng.integers(MIN_BLOCK_WEEKS, MAX_BLOCK_WEEKS + 1)))
    return Calendar(first_on, tuple(lengths))
