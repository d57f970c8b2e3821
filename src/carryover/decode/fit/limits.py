"""What a file may cost: a small one can be built so that its columns fill the memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.faults import FitError
from carryover.decode.fit.kinds import Kinds
from carryover.decode.fit.layout import DeveloperField, Layout

MAX_COST: Final = 8
"""Bytes of columns that a byte of the file may cost; the most seen in a real file is 3.2."""
MOST_BYTES: Final = 128 << 20
"""What no file may cost, however long it is."""
FREE_BYTES: Final = 1 << 20
"""What even the smallest file may cost."""


def check_cost(kinds: Kinds, runs: Sequence[npt.NDArray[np.uint32]], size_bytes: int) -> None:
    """Raise FitError where the frame of some message would be far larger than its file.

    A frame has all fields of all layouts of its message, at their widest, for every row.
    """
    if not runs:
        return
    counts = np.bincount(runs[0] if len(runs) == 1 else np.concatenate(runs))
    layouts: dict[int, list[Layout]] = defaultdict(list)
    rows: dict[int, int] = defaultdict(int)
    used = np.flatnonzero(counts)
    for kind, count in zip(used.tolist(), counts[used].tolist(), strict=True):
        if (told := kinds.layouts[kind]) is not None:
            layouts[told.message].append(told)
            rows[told.message] += count
    limit = min(MAX_COST * size_bytes + FREE_BYTES, MOST_BYTES)
    for message, held in layouts.items():
        # The sum of all layouts is quick, and enough for nearly every file.
        if rows[message] * sum(told.size_bytes for told in held) <= limit:
            continue
        cost = rows[message] * _widest(held)
        if cost > limit:
            what = (
                f"built to overflow memory: the {rows[message]} messages of type {message} "
                f"would take {cost:,} bytes"
            )
            raise FitError(what, 0, "Leave this file out; no watch writes such a one.")


def _widest(layouts: Sequence[Layout]) -> int:
    """Return the bytes of a row that has every field of every layout."""
    widths: dict[int | DeveloperField, int] = {}
    for slot in (slot for told in layouts for slot in told.slots):
        widths[slot.key] = max(slot.size_bytes, widths.get(slot.key, 0))
    return sum(widths.values())
