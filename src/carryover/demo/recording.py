"""What a watch keeps of a signal: smart recording, and the averages it shows afterwards."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from carryover.demo.noise import Floats
    from carryover.demo.simulate import Signal

GAPS_S: Final = (3, 4, 5, 6, 7)
GAP_SHARES: Final = (0.05, 0.10, 0.15, 0.25, 0.45)
CHANGE_MPS: Final = 0.30
"""A change of speed within a gap that makes the watch keep a record sooner."""

CHANGE_GAP_S: Final = 2
MAX_WEIGHT_S: Final = 5.0
"""No record stands for more than this: longer silence is a gap."""


class Recording(StrEnum):
    """How often the watch keeps a record."""

    SMART = "smart"
    EVERY_SECOND = "every second"


def recorded(signal: Signal, recording: Recording, rng: np.random.Generator) -> Signal:
    """Return the instants that the watch keeps; both sides of a pause are always kept."""
    if recording is Recording.EVERY_SECOND:
        return signal
    speed, n = signal.channels["speed_mps"], len(signal.elapsed_s)
    gaps = rng.choice(GAPS_S, size=n, p=GAP_SHARES)
    kept, at = set(_edges(signal)), 0
    while at < n:
        kept.add(at)
        gap = int(gaps[at])
        ahead = min(at + gap, n - 1)
        changing = abs(speed[ahead] - speed[at]) > CHANGE_MPS
        at += CHANGE_GAP_S if changing else gap
    return signal.taken(np.array(sorted(kept), dtype=np.int64))


def _edges(signal: Signal) -> list[int]:
    leaps = np.flatnonzero(np.diff(signal.elapsed_s) > 1.0)
    return [0, len(signal.elapsed_s) - 1, *leaps.tolist(), *(leaps + 1).tolist()]


def weights_s(signal: Signal) -> Floats:
    """Return the seconds each record stands for: at most 5, none across a pause."""
    step = np.minimum(np.diff(signal.elapsed_s, append=signal.elapsed_s[-1]), MAX_WEIGHT_S)
    for stop, restart in signal.pauses:
        before = (signal.elapsed_s <= stop) & (np.append(signal.elapsed_s[1:], 0.0) >= restart)
        step[before] = 0.0
    return step


def average(signal: Signal, name: str) -> float | None:
    """Return a channel's time-weighted mean over the records that have it."""
    values = signal.channels.get(name)
    if values is None:
        return None
    weight = np.where(np.isnan(values), 0.0, weights_s(signal))
    total = float(weight.sum())
    return float(np.nansum(values * weight) / total) if total > 0 else None


def timer_s(signal: Signal) -> float:
    """Return the seconds the watch was running."""
    paused = sum(restart - stop for stop, restart in signal.pauses)
    return float(signal.elapsed_s[-1] - signal.elapsed_s[0]) - paused


def ascent_m(signal: Signal) -> float | None:
    """Return the metres climbed, height read every tenth record as a barometer's filter would."""
    height = signal.channels.get("altitude_m")
    if height is None:
        return None
    return float(np.maximum(np.diff(height[::10]), 0.0).sum())
