"""Where every message of a batch lies, grouped by its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.cells import Lying, Rows
from carryover.decode.fit.kinds import Kinds
from carryover.decode.fit.layout import Layout
from carryover.decode.fit.scan import COMPRESSED

TIMESTAMP: Final = 253
TIME_CODES: Final = ("u4", "i4")
NARROW: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Stretch:
    """The messages of one part of one file: their kinds, and the byte of the first."""

    file: int
    part: int
    begin: int
    kinds: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one layout, as places in the batch's order of messages."""

    layout: Layout
    places: Rows


class Index:
    """Every message of a batch: `raw` holds the bytes, `positions` where each begins."""

    def __init__(self, raw: bytes, stretches: Sequence[Stretch], kinds: Kinds) -> None:
        self.raw = np.frombuffer(raw, np.uint8)
        self.stretches = stretches
        counts = np.array([len(s.kinds) for s in stretches], np.intp)
        self.ends = np.cumsum(counts)
        listed = [s.kinds for s in stretches]
        held = np.concatenate(listed) if listed else np.zeros(0, np.uint32)
        # Sorting stably by two bytes is a radix sort, several times faster.
        self._kinds = held.astype(np.uint16) if len(kinds.sizes) < NARROW else held
        self.positions = self._places(np.array(kinds.sizes, np.int64), counts)
        self.groups = self._group(kinds)

    def _places(self, sizes: npt.NDArray[np.int64], counts: Rows) -> npt.NDArray[np.int64]:
        steps = sizes[self._kinds]
        positions = np.cumsum(steps) - steps
        if len(counts):
            begins = np.array([s.begin for s in self.stretches], np.int64)
            first = self.ends - counts
            filled = counts > 0
            shift = begins[filled] - positions[first[filled]]
            positions += np.repeat(shift, counts[filled])
        return positions

    def _group(self, kinds: Kinds) -> dict[int, list[Group]]:
        order = np.argsort(self._kinds, kind="stable")
        ends = np.cumsum(np.bincount(self._kinds, minlength=len(kinds.sizes)))
        groups: dict[int, list[Group]] = defaultdict(list)
        begin = 0
        for told, end in zip(kinds.layouts, ends.tolist(), strict=True):
            if told is not None and end > begin:
                groups[told.message].append(Group(told, order[begin:end]))
            begin = end
        return dict(groups)

    def bytes_of(self, group: Group) -> npt.NDArray[Any]:
        """Return the messages of a group as raw bytes, one row each, header byte first."""
        size = group.layout.size_bytes
        # Rows that overlap everywhere: picking some copies whole messages at once.
        every = np.ndarray((len(self.raw) - size + 1,), f"V{size}", self.raw, 0, (1,))
        return every[self.positions[group.places]]

    def stretch_of(self, places: Rows) -> Rows:
        """Return the stretch of each message; `places` rise."""
        bounds = np.searchsorted(places, self.ends)
        return np.repeat(np.arange(len(self.ends)), np.diff(bounds, prepend=0))

    @cached_property
    def packed_times(self) -> tuple[Rows, npt.NDArray[np.uint32]]:
        """Places of messages with a packed time in their header, and the times, FIT seconds.

        The header holds the lowest five bits; the last whole time before it gives the others
        (FIT protocol, "compressed timestamp header").
        """
        layouts = self._has_layout[self._kinds]
        packed = (self.raw[self.positions] & COMPRESSED != 0) & layouts
        if not packed.any():
            return np.zeros(0, np.intp), np.zeros(0, np.uint32)
        told = np.zeros(len(packed), np.bool_)
        time = np.zeros(len(packed), np.int64)
        for group in (g for groups in self.groups.values() for g in groups):
            for slot in group.layout.slots:
                if slot.key == TIMESTAMP and slot.count == 1 and slot.base.code in TIME_CODES:
                    lying = Lying(None, self.bytes_of(group), slot, group.layout.big_endian)
                    cells = lying.cells()
                    told[group.places[cells.valid]] = True
                    time[group.places[cells.valid]] = cells.values[cells.valid]
        events = np.flatnonzero(told | packed)
        times = self._unpack_times(events, told[events], time[events])
        asked = ~told[events] & packed[events] & (times >= 0)
        return events[asked], times[asked].astype(np.uint32)

    @cached_property
    def _has_layout(self) -> npt.NDArray[np.bool_]:
        known = np.zeros(int(self._kinds.max(initial=0)) + 1, np.bool_)
        for groups in self.groups.values():
            for group in groups:
                known[self._kinds[group.places[0]]] = True
        return known

    def _unpack_times(
        self, events: Rows, told: npt.NDArray[np.bool_], time: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return the time of each event; −1 before the first whole time of a stretch."""
        low = np.where(told, time, self.raw[self.positions[events]]) & 31
        stretch = self.stretch_of(events)
        begins = np.diff(stretch, prepend=-1) != 0
        step = np.diff(low, prepend=0) & 31
        step[told | begins] = 0
        run = np.cumsum(step)
        anchor = np.maximum.accumulate(np.where(told | begins, np.arange(len(events)), 0))
        return np.where(told[anchor], time[anchor] + run - run[anchor], -1)
