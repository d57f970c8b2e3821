"""Whose running dynamics count: the watch's own, or those of one maker's developer fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import polars as pl

from carryover.normalise.developer_names import POD, Way
from carryover.normalise.developer_parts import RECORD, Part
from carryover.normalise.traces import Floats

SIDES: Final = ("stance_time_left_ms", "stance_time_right_ms")
CONTACT: Final = ("stance_time_ms", "stance_time_balance_pct", "stance_time_percent", *SIDES)
"""Channels of the foot on the ground: all of one source."""
OSCILLATION: Final = ("vertical_oscillation_mm", "vertical_ratio_pct")
"""The ratio is the oscillation's: beside another oscillation it would contradict it."""
GROUPS: Final = (CONTACT, OSCILLATION)
MIN_COVERAGE: Final = 0.5
"""House rule: a pod that covers less of a run than this share of the watch's own gives no run."""
OWN: Final = "native"
"""Stands for an application where the watch's own values gave way to a pod's."""


@dataclass(frozen=True, slots=True)
class NativeField:
    """A native channel that is listed beside developer fields, in our name and unit."""

    name: str
    units: str | None
    application: str = OWN


UNITS: Final = {"ms": "ms", "mm": "mm", "pct": "%", "percent": "%"}


class Filling(Protocol):
    """A way to fill a channel."""

    @property
    def way(self) -> Way:
        """How it is read, and whose it is."""

    @property
    def channel(self) -> str:
        """The channel."""

    @property
    def n(self) -> int:
        """How many values are possible."""


class Drawing(Protocol):
    """Channels that may be written to."""

    def of(self, channel: str) -> Floats:
        """Return a channel, NaN where it has no value."""


class Natives:
    """What the watch's own fields hold in one unit, rows [begin, end) of the channels."""

    def __init__(self, frame: pl.DataFrame, begin: int, end: int) -> None:
        self._frame, self._begin, self._end = frame, begin, end
        self._counts: dict[str, int] = {}

    def count(self, channel: str) -> int:
        """Return how many values a channel has."""
        if channel not in self._counts:
            held = self._frame[channel].slice(self._begin, self._end - self._begin)
            self._counts[channel] = len(held) - held.null_count()
        return self._counts[channel]

    @property
    def is_external(self) -> bool:
        """Whether a strap or pod gave them: watches alone tell neither balance nor field 40."""
        return bool(self.count("stance_time_balance_pct") or self.count("stance_time_percent"))

    def part(self, channel: str, maker: str) -> Part | None:
        """Return a channel's values as those of a field that gave way; None without any."""
        if not maker or not self.count(channel):
            return None
        held = self._frame[channel].slice(self._begin, self._end - self._begin)
        rows = np.flatnonzero(held.is_not_null().to_numpy()) + self._begin
        told = NativeField(channel, UNITS.get(channel.rpartition("_")[2]))
        return Part(RECORD, f"{OWN}/{channel}", told, rows, held.drop_nulls())


@dataclass(frozen=True, slots=True)
class Owned:
    """Who may fill which channel: a maker, "" anybody, None nobody.

    `cleared` are channels whose native values give way to `maker`'s.
    """

    maker: str
    allowed: dict[str, str | None]
    cleared: list[str] = field(default_factory=list)


def owners(candidates: Sequence[Filling], natives: Natives) -> Owned:
    """Decide who fills which channel of one unit.

    One maker at most gives dynamics: who tells contact time, pods first, then the fuller. It
    replaces what the watch computed where it covers at least half of it, contact and oscillation
    each as a whole; what a strap or pod told the watch itself stands. Any other channel is free
    where the watch's own field is empty.
    """
    allowed: dict[str, str | None] = {
        one.channel: None if natives.count(one.channel) else "" for one in candidates
    }
    maker = _maker(candidates)
    counts = _counts(candidates, maker)
    wins = _wins(candidates, maker, counts, natives)
    cleared: list[str] = []
    for group in GROUPS:
        delivered = any(counts.get(channel) for channel in group)
        if wins and delivered:
            cleared += [channel for channel in group if natives.count(channel)]
        kept = natives.count(group[0]) and not (wins and delivered)
        for channel in group:
            if channel not in allowed:
                continue
            if wins and delivered:
                allowed[channel] = maker
            elif allowed[channel] is not None:
                # Sides beside another source's contact time would contradict it.
                allowed[channel] = None if kept and channel in SIDES else maker
    return Owned(maker, allowed, cleared)


def _maker(candidates: Sequence[Filling]) -> str:
    """Return whose developer dynamics are the ones to take; "" where there are none."""
    told: dict[str, tuple[bool, int, int, str]] = {}
    for maker in {one.way.maker for one in candidates}:
        counts = _counts(candidates, maker)
        if counts:
            priority = min(one.way.priority for one in candidates if one.way.maker == maker)
            contact = any(counts.get(channel) for channel in CONTACT)
            told[maker] = (not contact, priority, -sum(counts.values()), maker)
    return min(told, key=lambda maker: told[maker], default="")


def _counts(candidates: Sequence[Filling], maker: str) -> dict[str, int]:
    """Return how many possible values a maker has of each channel of dynamics; none is absent."""
    counts: dict[str, int] = {}
    for one in candidates:
        if one.way.maker == maker and any(one.channel in group for group in GROUPS):
            counts[one.channel] = max(one.n, counts.get(one.channel, 0))
    return {channel: n for channel, n in counts.items() if n}


def _wins(
    candidates: Sequence[Filling], maker: str, counts: dict[str, int], natives: Natives
) -> bool:
    """Return whether a maker's dynamics replace the watch's own."""
    if not any(one.way.maker == maker and one.way.priority == POD for one in candidates):
        return False
    contact = max((counts.get(c, 0) for c in ("stance_time_ms", *SIDES)), default=0)
    pairs = [(contact, "stance_time_ms"), (counts.get(OSCILLATION[0], 0), OSCILLATION[0])]
    judged = [(n, natives.count(channel)) for n, channel in pairs if n]
    if not judged or not any(own for _, own in judged) or natives.is_external:
        return False
    return all(n >= MIN_COVERAGE * own for n, own in judged)


def both_sides(canvas: Drawing, makers: dict[str, str], begin: int, end: int) -> None:
    """Make contact time and balance of a pod's two sides, where it tells nothing else.

    Contact time is their mean, or the one side where the file has no other; balance is the left
    side's share, %.
    """
    told = [side for side in SIDES if side in makers]
    if not told:
        return
    place = slice(begin, end)
    sides = [canvas.of(side)[place] for side in told]
    contact, balance = (canvas.of(channel)[place] for channel in CONTACT[:2])
    if np.isnan(contact).all():
        contact[:] = sum(sides) / len(sides)
        makers[CONTACT[0]] = makers[told[0]]
    if len(told) == len(SIDES) and np.isnan(balance).all():
        balance[:] = 100.0 * sides[0] / (sides[0] + sides[1])
        makers[CONTACT[1]] = makers[told[0]]
