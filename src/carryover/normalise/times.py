"""Time as a watch tells it: pauses, weights of instants, and which day it was for the runner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import tzfpy

from carryover.catalogue.thresholds import threshold
from carryover.normalise.traces import Flags, Floats

MAX_WEIGHT_S: Final = threshold("instant_max_s")
"""One record never stands for more than this (smart recording writes every 1–9 s)."""
MAX_GAP_S: Final = threshold("silence_s")
"""A longer silence without a stop mark is a lost signal, not running."""
STANDING_MPS: Final = threshold("standing_speed_mps")
MIN_OFFSET: Final = dt.timedelta(hours=-12)
MAX_OFFSET: Final = dt.timedelta(hours=14)
QUARTER: Final = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Zone:
    """A runner's clock: `name` is an IANA zone or `UTC+02:00`; `source` says who told.

    `offset` is how far the clock was ahead of UTC at the start.
    """

    name: str
    source: str
    local_date: dt.date
    offset: dt.timedelta


def zone_of(
    started_at: dt.datetime,
    file_offset: dt.timedelta | None,
    position: tuple[float, float] | None,
    home: str,
) -> Zone:
    """Return the zone and local date of a start (UTC): from the file, else position, else home.

    A file offset of 0 is believed only where the position, or without one the home, agrees:
    COROS and Suunto watches may write UTC as their local time.
    """
    placed = tzfpy.get_tz(position[1], position[0]) if position else ""
    name = placed or home
    there = started_at.astimezone(ZoneInfo(name))
    offset = there.utcoffset() or dt.timedelta()
    if file_offset is not None and file_offset == offset:
        return Zone(name, "file", there.date(), offset)
    if file_offset:
        day = (started_at + file_offset).date()
        return Zone(_offset_name(file_offset), "file", day, file_offset)
    return Zone(name, "position" if placed else "home", there.date(), offset)


def offset_between(local: dt.datetime | None, utc: dt.datetime | None) -> dt.timedelta | None:
    """Return the offset that a file's local (naive) time implies; None where it is no offset."""
    if local is None or utc is None:
        return None
    gap = local - utc.replace(tzinfo=None)
    offset = round(gap / QUARTER) * QUARTER
    plausible = MIN_OFFSET <= offset <= MAX_OFFSET and abs(gap - offset) < dt.timedelta(minutes=3)
    return offset if plausible else None


def offset_of(seconds: float | None) -> dt.timedelta | None:
    """Return the offset that a file's times tell themselves; None where no clock has it."""
    if seconds is None:
        return None
    offset = dt.timedelta(seconds=seconds)
    return offset if MIN_OFFSET <= offset <= MAX_OFFSET and not offset % QUARTER else None


def _offset_name(offset: dt.timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Per record: seconds since start, weight, moving seconds so far, pause-free segment."""

    elapsed_s: Floats
    dt_s: Floats
    moving_s: Floats
    segment: npt.NDArray[np.int32]


def clock(times_s: Floats, stops_s: Floats, starts_s: Floats, speed_mps: Floats) -> Clock:
    """Weigh records by the time they stand for.

    `times_s` rises strictly; `stops_s` and `starts_s` are timer marks on the same clock;
    `speed_mps` may hold NaN. A record's weight is min(time to the next record, 5 s) and 0
    across a timer stop or while the timer is off; the last record closes the run and weighs
    nothing.
    """
    gap = np.diff(times_s, append=times_s[-1:])
    stopped = _stopped(times_s, stops_s, starts_s)
    lost = gap > MAX_GAP_S
    dt_s = np.minimum(gap, MAX_WEIGHT_S)
    np.copyto(dt_s, 0.0, where=stopped)
    # Where the speed is unknown (NaN), the comparison is false: no sign of standing.
    moved = np.where(lost, dt_s, gap)
    np.copyto(moved, 0.0, where=stopped | (speed_mps < STANDING_MPS))
    moving_s, segment = np.zeros(len(gap)), np.zeros(len(gap), dtype=np.int32)
    np.cumsum(moved[:-1], out=moving_s[1:])
    np.cumsum((stopped | lost)[:-1], out=segment[1:])
    return Clock(times_s - times_s[0], dt_s, moving_s, segment)


def _stopped(times_s: Floats, stops_s: Floats, starts_s: Floats) -> Flags:
    """Whether the timer stops in [t_i, t_i+1) or is off just after t_i.

    A stop at the very last record closes the run; without any stop the timer is always on.
    """
    n = len(times_s)
    if not len(stops_s):
        return np.zeros(n, dtype=bool)
    marks = np.concatenate([stops_s, starts_s])
    is_stop = np.concatenate([np.ones(len(stops_s), bool), np.zeros(len(starts_s), bool)])
    # Of marks of one instant a start comes last: it stands.
    order = np.lexsort((~is_stop, marks))
    begins = np.searchsorted(times_s, marks[order], side="left")
    lengths = np.diff(begins, prepend=0, append=n)
    stopped: Flags = np.repeat(np.concatenate([[False], is_stop[order]]), lengths)
    passed = np.searchsorted(times_s, stops_s, side="right") - 1
    stopped[passed[(passed >= 0) & (passed < n - 1)]] = True
    return stopped
