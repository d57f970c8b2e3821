"""The stretches of an athlete's calendar in which strength work was a habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from carryover.estimate import panel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.panel import Log


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch: its first and last session as days of the log's calendar and as dates."""

    start: int
    end: int
    first: date
    last: date


def on_blocks(log: Log) -> list[Block]:
    """Return the stretches with strength work, by the same bounds as on/off changes are counted.

    The habit (X with τ = 14 days) says when it is on; a stretch begins with the first of the
    sessions that brought it there, none of them more than 14 days apart, and ends with its last.
    """
    done = np.flatnonzero(log.doses > 0)
    if done.size == 0:
        return []
    blocks: list[Block] = []
    for on, off in _spells(panel.habit(log)):
        led = done[done < on]
        gaps = np.flatnonzero(np.diff(led) > panel.SWITCH_TAU_D)
        start = int(led[gaps[-1] + 1 if gaps.size else 0])
        end = int(done[done < off][-1])
        if blocks and start <= blocks[-1].end:
            start = int(done[done > blocks[-1].end][0])
        blocks.append(_block(log, start, end))
    return blocks


def _spells(state: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return first day on and first day off again of each spell (the day after the last)."""
    on = np.r_[False, state > 0, False].astype(int)
    turns = np.diff(on)
    starts, ends = np.flatnonzero(turns > 0), np.flatnonzero(turns < 0)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _block(log: Log, start: int, end: int) -> Block:
    first, last = (log.first + timedelta(days=day) for day in (start, end))
    return Block(start, end, first, last)
