"""When strength work is a habit and when it rests: one rule for counts, blocks and events.

The habit is X with τ = 14 days. It is on above 65 % and off below 35 % of the athlete's own high
level (its 90 % quantile, held within 0.5…1, i.e. one to two sessions a week); between the two it
stays what it was, so that a single session more or less is no change. A signed dose is on on
either side, by the level of |X|: from one side to the other it goes off and on.

X crosses its bound a week or two after the sessions have begun. A stretch therefore begins where
the sum of doses, less half the high rate a day, turns before the crossing: on with the first
session of the new rate, off with the day after its last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import dose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats

    Ints = NDArray[np.int64]

SWITCH_TAU_D: Final = 14.0
HABIT_RANGE: Final = (0.5, 1.0)
SWITCH_ON: Final = 0.65
SWITCH_OFF: Final = 0.35
BETWEEN: Final = (SWITCH_ON + SWITCH_OFF) / 2
HABIT_QUANTILE: Final = 0.9
DOSE_PER_DAY: Final = dose.SESSIONS_PER_WEEK / dose.DAYS_PER_WEEK
"""Mean daily dose of X = 1."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `first` to `last` of one habit, both counted."""

    is_on: bool
    first: int
    last: int


def states(doses: Floats, first: int, last: int) -> Ints:
    """Return the habit of each day first…last: 1 on, −1 off, 0 while it has not settled.

    `doses` (days,) are daily sums of the whole log, whose past counts too.
    """
    span, high = _level(doses, first, last)
    size = np.abs(span)
    state = np.where(size > SWITCH_ON * high, 1, np.where(size < SWITCH_OFF * high, -1, 0))
    settled = np.flatnonzero(state)
    if settled.size == 0:
        return state
    latest = np.maximum.accumulate(np.where(state != 0, np.arange(state.size), -1))
    held: Ints = np.where(latest >= 0, state[latest], 0)
    return held


def n_switches(doses: Floats, first: int, last: int) -> int:
    """Return how often the habit went on or off between two days."""
    span, high = _level(doses, first, last)
    size = np.abs(span)
    side = np.where(size > SWITCH_ON * high, np.sign(span), 0.0)
    settled = side[(side != 0) | (size < SWITCH_OFF * high)]
    return int(np.count_nonzero(np.diff(settled)))


def stretches(doses: Floats, first: int, last: int) -> list[Stretch]:
    """Return the on- and off-stretches of days first…last, by time, without gaps between them.

    The days before the habit settles belong to the first stretch; one that never settles has none.
    """
    held = states(doses, first, last)
    settled = held[held != 0]
    if settled.size == 0:
        return []
    held = np.where(held == 0, settled[0], held)
    crossings = np.flatnonzero(np.diff(held)) + 1
    rest = _less_than_usual(doses, first, last)
    starts, is_on, since = [0], [bool(held[0] > 0)], 0
    for crossing in crossings:
        goes_on = bool(held[crossing] > 0)
        window = rest[since : crossing + 1]
        starts.append(since + int(np.argmin(window) if goes_on else np.argmax(window)))
        is_on.append(goes_on)
        since = int(crossing)
    ends = [*(start - 1 for start in starts[1:]), last - first]
    return [
        Stretch(on, first + start, first + end)
        for on, start, end in zip(is_on, starts, ends, strict=True)
        if end >= start
    ]


def _level(doses: Floats, first: int, last: int) -> tuple[Floats, float]:
    """Return X₁₄ at the start of each day and the athlete's high level."""
    span = dose.chronic(doses, SWITCH_TAU_D)[first : last + 1]
    return span, float(np.clip(np.quantile(np.abs(span), HABIT_QUANTILE), *HABIT_RANGE))


def _less_than_usual(doses: Floats, first: int, last: int) -> Floats:
    """Return at each day's start the dose so far, less what half the high rate would give.

    It falls in an off-stretch and rises in an on-stretch, so that it turns where one ends.
    """
    _, high = _level(doses, first, last)
    told = doses[first : last + 1] - BETWEEN * high * DOSE_PER_DAY
    so_far: Floats = np.r_[0.0, np.cumsum(told)[:-1]]
    return so_far
